import { PRODUCT_CALLS } from "../../../contract/iam/aws-calls.ts";
import { RESOURCE_TYPES } from "../../../contract/iam/resource-types.ts";
import { by, couldNotTell, failed, seen, type Belief, type Judged } from "../belief.ts";
import type { RightsSeen } from "../observations.ts";

const quoted = (actions: readonly string[]) => actions.map((action) => `\`${action}\``).join(" ");

/** CloudTrail has them of this run, or says nothing: an action that was not called may be needed another day. */
const called =
  (actions: readonly string[]) =>
  ({ called }: RightsSeen): Judged => {
    const not = actions.filter((action) => !called.includes(action));
    if (not.length === 0) return seen(`CloudTrail has ${actions.length === 1 ? "it" : "all of them"}`);
    return couldNotTell(`not called in this run: ${not.join(", ")}`);
  };

const OF_TYPES = Object.values(RESOURCE_TYPES).flatMap(({ read, write }) =>
  [...read, ...write].map(([action]) => String(action)),
);
const KNOWN = new Set<string>([...OF_TYPES, ...PRODUCT_CALLS.map(({ action }) => String(action))]);
// Who may call it needs no right for it, or it is of the run's own making.
const FREE = /^(sts|cloudtrail|signin):/;

function enough({ called, denied }: RightsSeen): Judged {
  if (called.length === 0) return couldNotTell("CloudTrail had nothing of the run yet");
  const unknown = called.filter((action) => !KNOWN.has(action) && !FREE.test(action));
  if (unknown.length > 0) return failed(`called, and in no policy: ${unknown.join(", ")}`);
  if (denied.length > 0) return failed(`denied: ${denied.join(", ")}`);
  return seen(`${called.length} different calls, each has its right`);
}

interface Row {
  readonly id: string;
  readonly actions: readonly string[];
  readonly why: string;
}

const CALLED: readonly Row[] = [
  {
    id: "rights-scaling-tags",
    actions: ["TagResource", "ListTagsForResource"].map((name) => `application-autoscaling:${name}`),
    why: "scalable targets have tags",
  },
  {
    id: "rights-elb-looks",
    actions: [
      "DescribeAccountAttributes",
      "DescribeInternetGateways",
      "DescribeSecurityGroups",
      "DescribeSubnets",
      "DescribeVpcs",
    ].map((name) => `ec2:${name}`),
    why: "ELB looks at the network in the caller's name when it makes a load balancer",
  },
  {
    id: "rights-interfaces",
    actions: ["ec2:DescribeNetworkInterfaces"],
    why: "the provider waits for a load balancer's interfaces to go",
  },
  {
    id: "rights-elb-reads",
    actions: ["DescribeCapacityReservation", "DescribeListenerAttributes"].map(
      (name) => `elasticloadbalancing:${name}`,
    ),
    why: "the provider reads them with each load balancer and listener",
  },
];

const FROM = "Service Authorization Reference; terraform-provider-aws";

/** Which rights the roles need: docs/iam.md. */
export const RIGHTS: readonly Belief[] = [
  {
    id: "rights-enough",
    words:
      "Every call of `pulumi up`, `refresh` and `destroy` on EC2, IAM, CloudWatch Logs and the rest has its right in [iam.md](iam.md)",
    from: FROM,
    leansOn: "the roles of `bootstrap/`",
    proof: by("rights", enough),
  },
  ...CALLED.map(({ id, actions, why }): Belief => ({
    id,
    words: quoted(actions),
    from: FROM,
    leansOn: why,
    proof: by("rights", called(actions)),
  })),
  {
    id: "rights-untag",
    words: quoted(["application-autoscaling:UntagResource"]),
    from: FROM,
    leansOn: "scalable targets have tags",
    proof: { none: "no update of the run takes a tag away" },
  },
  {
    id: "rights-in-place",
    words: quoted([
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSubnets",
      "ecs:UpdateCluster",
    ]),
    from: FROM,
    leansOn: "changes in place that the local cloud does not simulate",
    proof: { none: "no update of the run makes such a change; a denial names the right" },
  },
  {
    id: "rights-dns",
    words:
      "Every action on ACM and Route 53 in [iam.md](iam.md), and that `ChangeResourceRecordSets` can be limited to `<name>` and `_*.<name>`",
    from: FROM,
    leansOn: "the local cloud has neither",
    proof: { none: "needs a public hosted zone of yours, which a throwaway run should not write to" },
  },
  {
    id: "rights-service-linked",
    words: quoted(["iam:CreateServiceLinkedRole"]),
    from: FROM,
    leansOn: "the first use of ECS, its scaling or ELB in an account",
    proof: { none: "happens once in an account's life" },
  },
  {
    id: "rights-boundary",
    words: quoted(["iam:PutRolePermissionsBoundary"]),
    from: FROM,
    leansOn:
      "the provider changes a role's boundary in place, before its inline policies (terraform-provider-aws, `iam/role.go`)",
    proof: { none: "the run has no permissions boundary to change" },
  },
];

const NO_GITHUB = "the run assumes no role by GitHub's tokens: the first release from GitHub proves it";

const NOT_AWS = "GitHub answers it, not AWS: the first release from GitHub proves it";

/** GitHub's jobs, and the state. */
export const GITHUB: readonly Belief[] = [
  {
    id: "kms-alias",
    words: "A right on a key's ARN is enough where a call names the alias",
    from: 'KMS guide, "Specifying KMS keys in IAM policy statements": only a key ARN stands for a key',
    leansOn:
      "`awskms://alias/…` in the stack's file; with the Pulumi CLI 3.260 against an emulated KMS only `stack init` names it at all",
    proof: { none: NO_GITHUB },
  },
  {
    id: "boundary-condition",
    words:
      "`iam:PermissionsBoundary` is known to CreateRole, Put-, Delete-, Attach- and DetachRolePolicy and PutRolePermissionsBoundary",
    from: "Service Authorization Reference, IAM",
    leansOn: "the deploy role's policies where a boundary is named",
    proof: { none: NO_GITHUB },
  },
  {
    id: "oidc-lookup",
    words:
      "The look-up of an OIDC provider by its address lists those of the account, and takes the address with `https://`",
    from: "terraform-provider-aws, data source `aws_iam_openid_connect_provider`",
    leansOn: "`oidcProvider existing` in `bootstrap/`",
    proof: { none: NO_GITHUB },
  },
  {
    id: "environment-answer",
    words:
      "`GET /repos/…/environments/<name>` needs *Actions: read*, which a job's own token may have, names the rule `required_reviewers`, and answers 404 for one that is not there; `gh api` then prints that body and ends with 1",
    from: 'GitHub REST reference, "Get an environment"; cli/cli#14484',
    leansOn: "`tick` stands in `<stack>-tick` and only watches",
    proof: { none: NOT_AWS },
  },
  {
    id: "environment-variables",
    words: "A job's own `env` has the variables of its environment, a workflow's has not",
    from: "GitHub docs, contexts: `vars`, and where each context is available",
    leansOn: "`PULUMI_BACKEND_URL` stands in jobs, so that stacks of two bootstraps can share a repository",
    proof: { none: NOT_AWS },
  },
  {
    id: "waiting-runs",
    words: "A run whose next job waits for a reviewer is `waiting` in the list of runs",
    from: 'GitHub docs, "Reviewing deployments"; github/docs#34987',
    leansOn: "`tick` takes it for one that watches nobody",
    proof: { none: NOT_AWS },
  },
];
