import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRODUCT_CALLS, type Role } from "../../../contract/iam/aws-calls.ts";
import { namesFor } from "../../support/project.ts";
import { REVERT_TAG, writeMark } from "../../../contract/route/route-tags.ts";
import { renderForward } from "../../../contract/route/route.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { policiesOf, type PolicyDocument } from "../../../contract/iam/policy.ts";
import { RESOURCE_TYPES } from "../../../contract/iam/resource-types.ts";
import { authorization, type Roles } from "../../../packages/local-cloud/access/authorize.ts";
import { awsPorts, type AwsPorts } from "../../../validation/adapters/aws.ts";
import { attempt } from "../../../validation/reading.ts";
import { REQUEST_COUNT } from "../../../validation/rollout/observe.ts";
import { createTestCloud } from "../../../packages/local-cloud/test/provider/cloud.ts";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../../packages/local-cloud/test/support/cloud-directory.ts";
import { live } from "./support/life-cycle.ts";
import { deniedIn, makeRoute, place, REGION, targetOf, without } from "./support/route.ts";

const NAMES = namesFor("prod");

describe("on resources of the stack, the permissions of `pulumi up`", () => {
  const documents = policiesOf("deploy", place("eu-central-1"));
  const lived = async (policies: readonly PolicyDocument[]) => {
    const roles: Roles = new Map([["deploy", policies]]);
    const cloud = createTestCloud((tagsOf) => authorization(roles, "eu-central-1", tagsOf));
    const outcome = await attempt(() => live(cloud));
    await cloud.close();
    return outcome;
  };
  const simulated = Object.entries(RESOURCE_TYPES)
    .filter(([type]) => /^aws:(lb|ecs|appautoscaling)\/|^aws:cloudwatch\/(metric|composite)/.test(type))
    .flatMap(([, { read, write }]) => [...read, ...write].map(([action]) => action));

  it("are enough to make, change and delete one of each", async () => {
    expect(await lived(documents)).toEqual({ readable: true, value: undefined });
  });

  it("are all needed, but for those of calls that the local cloud's provider does not make", async () => {
    const notMissed: string[] = [];
    for (const action of new Set(simulated)) {
      const outcome = await lived(without(documents, action));
      if (outcome.readable) notMissed.push(action);
      else expect([action, ...deniedIn([outcome.why])]).toEqual([action, action]);
    }
    expect(notMissed.toSorted()).toEqual(NOT_PROVEN_HERE);
    const findings = readFileSync(join(import.meta.dirname, "../../../docs/aws-findings.md"), "utf8");
    expect(NOT_PROVEN_HERE.filter((action) => !findings.includes(`\`${action}\``))).toEqual([]);
  });
});

/** Tags of scalable targets stay with the local provider; what stands in EC2 and IAM is recorded alone. */
const NOT_PROVEN_HERE: readonly string[] = [
  "application-autoscaling:ListTagsForResource",
  "application-autoscaling:TagResource",
  "application-autoscaling:UntagResource",
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ecs:UpdateCluster",
  "elasticloadbalancing:DescribeCapacityReservation",
  "elasticloadbalancing:DescribeListenerAttributes",
  "elasticloadbalancing:ModifyListenerAttributes",
  "elasticloadbalancing:SetIpAddressType",
  "elasticloadbalancing:SetSubnets",
  "iam:CreateServiceLinkedRole",
];

const ADAPTERS: ReadonlySet<string> = new Set([
  "alarms",
  "health",
  "metrics",
  "publish",
  "route",
  "services",
]);
/** Everything that the product's adapters do, each once. A preview writes nothing; a revert looks at no alarms. */
function actsOf(
  ports: AwsPorts,
  role: Role,
  { routeArn, groups }: Awaited<ReturnType<typeof makeRoute>>,
): readonly (() => Promise<unknown>)[] {
  const { route, health, services, alarms, metrics, publisher } = ports;
  const measure = {
    id: "requests",
    queries: [REQUEST_COUNT],
    periodSeconds: 60,
    place: {
      loadBalancerSuffix: "app/x/1",
      targetGroupSuffix: "targetgroup/x/1",
      clusterName: "c",
      serviceName: "s",
    },
  };
  const everybody = [
    () => route.read(routeArn),
    () => route.tags([routeArn]),
    () => route.find(place(REGION)),
    () => health.targets(groups.blue),
    () => metrics.read([measure], 0, 60_000),
    () => services.read(NAMES.cluster, [NAMES.services.blue]),
  ];
  const looking = [() => alarms.read([NAMES.alarm("blue", "cpu")])];
  const writing = [
    () => route.write(routeArn, renderForward(splitOf("blue", 0), groups, 0)),
    () => route.tag(routeArn, REVERT_TAG, writeMark({ releaseId: "v2-g3", atMs: 0, reason: "why" })),
  ];
  // Each time another step: what has just been told is not told again.
  let steps = 0;
  const facts = () => ({
    stack: "prod",
    atMs: Date.now(),
    split: splitOf("blue", 0),
    step: steps++,
    verdict: undefined,
  });
  const publishing = [() => publisher.publish(facts())];
  return [
    ...everybody,
    ...(role === "revert" ? [] : looking),
    ...(role === "preview" ? [] : writing),
    ...(role === "deploy" ? [...publishing, () => route.untag(routeArn, REVERT_TAG)] : []),
  ];
}

describe("through the product's own adapters, the permissions of", () => {
  const roles = new Map<string, readonly PolicyDocument[]>();
  let directory: CloudDirectory;
  let url: string;
  let made: Awaited<ReturnType<typeof makeRoute>>;

  beforeAll(async () => {
    roles.set("maker", policiesOf("deploy", place(REGION)));
    directory = await cloudDirectory();
    ({ url } = await directory.start({ authorize: { roles, provider: "maker" } }));
    made = await makeRoute(url);
  });
  afterAll(() => directory.dispose());

  it.each(["preview", "deploy", "revert"] as const)("%s are enough, and each is needed", async (role) => {
    const documents = policiesOf(role, place(REGION));
    const acts = actsOf(awsPorts(targetOf(url, role)), role, made);
    const refusedWith = async (policies: readonly PolicyDocument[]) => {
      roles.set(role, policies);
      const outcomes = await Promise.all(acts.map((act) => attempt(act)));
      return outcomes.flatMap((outcome) => (outcome.readable ? [] : [outcome.why]));
    };
    expect(await refusedWith(documents)).toEqual([]);
    const calls = PRODUCT_CALLS.filter(({ roles, by }) => roles.includes(role) && ADAPTERS.has(by));
    expect(calls.length).toBeGreaterThan(4);
    for (const { action } of calls) {
      const refused = await refusedWith(without(documents, action));
      expect([action, ...new Set(deniedIn(refused))]).toEqual([action, action]);
    }
  });

  it("a revert write the route, and not the rule beside it", async () => {
    roles.set("revert", policiesOf("revert", place(REGION)));
    const { route } = awsPorts(targetOf(url, "revert"));
    const everyone = renderForward(splitOf("blue", 0), made.groups, 0);
    await route.write(made.routeArn, everyone);
    await expect(route.write(made.testRuleArn, everyone)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("nobody are not enough: neither an access key that the account does not know, nor none", async () => {
    const { alarms, services, route } = awsPorts(targetOf(url, "stranger"));
    const acts = [() => route.find(place(REGION)), () => alarms.read(["a"]), () => services.read("c", ["s"])];
    for (const act of acts) await expect(act()).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    const unsigned = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ Action: "DescribeLoadBalancers", Version: "2015-12-01" }),
    });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});
