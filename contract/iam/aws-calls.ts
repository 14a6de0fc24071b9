import type { ScopeName } from "./scopes.ts";

/**
 * Every AWS call of the product, with the permission that it needs. The policies of the roles are made from here
 * (`iam/policy.ts`); what `pulumi up` itself needs is in `iam/resource-types.ts`.
 *
 * Not listed: STS GetCallerIdentity, which needs no permission (IAM), AssumeRole for the roles that a stack's
 * `aws:assumeRoles` names, which are the user's, requests to the model itself, and the calls of `judge` on other people's
 * deployments, which no role of ours makes: docs/fleet/judge.md.
 */

/**
 * Who calls. `preview` reads only; `deploy` does what the verbs and `pulumi up` do; `revert` may write the one route
 * and make the reads of an emergency; `watchdog` is the function that reverts when nobody else does.
 */
export const ROLES = ["preview", "deploy", "revert", "watchdog"] as const;
export type Role = (typeof ROLES)[number];

/** An action as IAM writes it: `service:Name`. */
export type IamAction = `${string}:${string}`;

export interface AwsCall {
  readonly action: IamAction;
  readonly scope: ScopeName;
  readonly roles: readonly Role[];
  /** The part of the product that makes the call: a port of validation, or the step of a verb. */
  readonly by:
    | "alarms"
    | "health"
    | "metrics"
    | "route"
    | "services"
    | "state"
    | "doctor"
    | "publish"
    | "notify"
    | "labels"
    | "registries"
    | "watchdog";
  readonly why: string;
}

const EVERYBODY = ROLES;
const PEOPLE = ["preview", "deploy", "revert"] as const;
const READERS = ["preview", "deploy"] as const;

const elb = (name: string): IamAction => `elasticloadbalancing:${name}`;
const cloudwatch = (name: string): IamAction => `cloudwatch:${name}`;

export const PRODUCT_CALLS: readonly AwsCall[] = [
  {
    action: elb("DescribeRules"),
    scope: "unlimited",
    roles: EVERYBODY,
    by: "route",
    why: "The split as it is live: before each decision, after each write, and before a revert.",
  },
  {
    action: elb("DescribeTags"),
    scope: "unlimited",
    roles: EVERYBODY,
    by: "route",
    why: "A revert without Pulumi reads from the route's tags which slot is active, and from the groups' tags whose they are.",
  },
  {
    action: elb("DescribeTargetHealth"),
    scope: "unlimited",
    roles: EVERYBODY,
    by: "health",
    why: "No share for a slot without healthy targets; nobody is ever sent to a group without registered ones, and the watchdog rolls back who is on one.",
  },
  {
    action: elb("DescribeLoadBalancers"),
    scope: "unlimited",
    roles: PEOPLE,
    by: "route",
    why: "Finds the route by its tags when nothing else is known: load balancers, their listeners, their rules.",
  },
  {
    action: elb("DescribeListeners"),
    scope: "unlimited",
    roles: PEOPLE,
    by: "route",
    why: "The second step of the same search.",
  },
  {
    action: elb("ModifyRule"),
    scope: "route",
    roles: ["deploy", "revert", "watchdog"],
    by: "route",
    why: "The emergency write: all traffic back, without Pulumi.",
  },
  {
    action: "ecs:DescribeServices",
    scope: "services",
    roles: [...READERS, "revert"],
    by: "services",
    why: "Which task definition really runs: ECS may have gone back to the former one. `pulumi up` asks it, too, before a slot gets more users, and a revert how many tasks the users need.",
  },
  {
    action: cloudwatch("DescribeAlarms"),
    scope: "compositeAlarms",
    roles: ["preview", "deploy", "watchdog"],
    by: "alarms",
    why: "The gates read the slot's metric alarms and its composite; the watchdog asks which of a slot's alarms are about the users of this release.",
  },
  {
    action: cloudwatch("GetMetricData"),
    scope: "unlimited",
    roles: EVERYBODY,
    by: "metrics",
    why: "Points newer than the share, the number of requests, and whether a slot is drained.",
  },
  {
    action: cloudwatch("PutMetricData"),
    scope: "ownMetrics",
    roles: ["deploy", "watchdog"],
    by: "publish",
    why: "Share, step and verdict as metrics, and labels that `feedback` was told, so that the dashboard shows a release as it happened.",
  },
  ...(["DescribeAccountLimits", "DescribeTargetGroups"] as const).map((name): AwsCall => ({
    action: elb(name),
    scope: "unlimited",
    roles: READERS,
    by: "doctor",
    why: "Whether the account has room for the stack's target groups and rules.",
  })),
  {
    action: elb("AddTags"),
    scope: "route",
    roles: ["deploy", "revert"],
    by: "route",
    why: "A revert that Pulumi could not be told of leaves its reason in the route's tags, so that nobody gives away again whom it rolled back.",
  },
  {
    action: elb("RemoveTags"),
    scope: "route",
    roles: ["deploy"],
    by: "route",
    why: "When Pulumi has been told of a revert, its mark goes from the route's tags: `pulumi refresh` would show a change that nobody made.",
  },
  {
    action: elb("AddTags"),
    scope: "route",
    roles: ["watchdog"],
    by: "watchdog",
    why: "The watchdog leaves its reason in the route's tags, where the next command finds it, and there its calls settle which of them tells people.",
  },
  ...(["logs:CreateLogStream", "logs:PutLogEvents"] as const).map((action): AwsCall => ({
    action,
    scope: "watchdogLogs",
    roles: ["watchdog"],
    by: "watchdog",
    why: "What the watchdog saw and did, for whoever asks afterwards.",
  })),
  {
    action: "sns:Publish",
    scope: "notifyTopic",
    roles: ["deploy", "watchdog"],
    by: "notify",
    why: "People are told what happens to releases (rollout.notifyTopicArn).",
  },
  ...(["ListModelPackages", "DescribeModelPackage"] as const).map((name): AwsCall => ({
    action: `sagemaker:${name}`,
    scope: "modelPackages",
    roles: ["deploy"],
    by: "registries",
    why: "Which image a version is, and whether it is approved, before `deploy sagemaker:<group>/<version>` changes anything.",
  })),
  {
    action: "sagemaker:UpdateModelPackage",
    scope: "modelPackages",
    roles: ["deploy"],
    by: "registries",
    why: "A version's metadata say on which slot it is, and as what, after each change of that.",
  },
  ...(["s3:GetObject", "s3:ListBucket"] as const).map((action): AwsCall => ({
    action,
    scope: action === "s3:ListBucket" ? "stateBucket" : "stateObjects",
    roles: READERS,
    by: "state",
    why: "Pulumi's state in S3; a preview takes no lock and writes nothing.",
  })),
  ...(["s3:PutObject", "s3:DeleteObject"] as const).map((action): AwsCall => ({
    action,
    scope: "stateObjects",
    roles: ["deploy"],
    by: "state",
    why: "An update writes the checkpoint, the history and its lock, and takes the lock away.",
  })),
  ...(["s3:GetObject", "s3:ListBucket"] as const).map((action): AwsCall => ({
    action,
    scope: action === "s3:ListBucket" ? "labelBucket" : "labelObjects",
    roles: READERS,
    by: "labels",
    why: "Labels of predictions, which a signal compares and `status` tells of (`labels.bucket`).",
  })),
  {
    action: "s3:PutObject",
    scope: "labelObjects",
    roles: ["deploy"],
    by: "labels",
    why: "What turned out to be right is kept by `feedback`; each object is written once.",
  },
  {
    action: "logs:FilterLogEvents",
    scope: "taskLogs",
    roles: ["deploy"],
    by: "labels",
    why: "Which slot answered a request, and what, `feedback` finds in the log; the console shows what tasks wrote last.",
  },
  {
    action: "kms:Decrypt",
    scope: "stateKey",
    roles: READERS,
    by: "state",
    why: "Opens the stack's own key, with which Pulumi encrypts its secrets (no other call of KMS, seen with the CLI 3.260), and the objects of an encrypted bucket.",
  },
  {
    action: "kms:GenerateDataKey",
    scope: "stateKey",
    roles: ["deploy"],
    by: "state",
    why: "S3 asks for it when an object of an encrypted bucket is written.",
  },
];
