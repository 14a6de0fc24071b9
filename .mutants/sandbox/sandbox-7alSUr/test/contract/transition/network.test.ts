import { expect, it } from "vitest";
import { showProblem } from "../../../contract/checks/problem.ts";
import { notCompared } from "../../../contract/transition/remembered-zones.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { describeRefusals, type Refusal } from "../support/refusals.ts";
import { both, configOf, firstRelease, blue, shifted, problemsOf } from "../support/steps.ts";

const network = (values: Readonly<Record<string, unknown>>) => ({ ...both, network: values });
const existing = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3", "subnet-4"],
};
const listener = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/${name}/2/3`;
const shared = (name: string) =>
  network({ ...existing, listenerArn: listener(name), hostHeaders: ["m.example.com"] });

const REPLACED: readonly Refusal[] = [
  {
    title: "another range of the stack's own VPC",
    before: both,
    after: network({ cidr: "10.4.0.0/16" }),
    says: [
      "network.cidr is 10.4.0.0/16; allowed: 10.0.0.0/16 as deployed while the stack has users: another value replaces network, load balancer, target groups and route under them. For another network make a second stack, and move the name of the model to its url. Fix it: pulumi config set --path network.cidr 10.0.0.0/16",
    ],
  },
  {
    title: "an existing VPC instead of the stack's own",
    before: shifted(10),
    after: { ...shifted(10), network: existing },
    says: [
      expect.stringMatching(
        /^network\.vpcId is vpc-1; allowed: nothing as deployed .* Fix it: pulumi config rm --path network\.vpcId$/,
      ),
    ],
  },
  {
    title: "another listener",
    before: shared("one"),
    after: shared("two"),
    says: [
      expect.stringMatching(
        /^network\.listenerArn is .*\/two\/.* allowed: .*\/one\/.* Fix it: pulumi config set --path network\.listenerArn \S+\/one\/2\/3$/,
      ),
    ],
  },
  {
    title: "a shared listener instead of the stack's own load balancer",
    before: network(existing),
    after: shared("one"),
    says: [expect.stringMatching(/^network\.listenerArn is .*; allowed: nothing as deployed/)],
  },
];

const MOVED: readonly Refusal[] = [
  ["fewer zones", { zones: 3 }, { zones: 2 }, "network.zones is 2; allowed: 3"],
  [
    "NAT, which takes the tasks to private subnets",
    {},
    { nat: "single" },
    "network.nat is single; allowed: none",
  ],
  [
    "other zones, as many as before",
    { zoneNames: ["us-east-1a", "us-east-1b"] },
    { zoneNames: ["us-east-1a", "us-east-1c"] },
    'network.zoneNames is ["us-east-1a","us-east-1c"]; allowed: ["us-east-1a","us-east-1b"]',
  ],
  [
    "other subnets of the tasks",
    existing,
    { ...existing, taskSubnetIds: ["subnet-3", "subnet-5"] },
    'network.taskSubnetIds is ["subnet-3","subnet-5"]; allowed: ["subnet-3","subnet-4"]',
  ],
  [
    "a subnet less for the load balancer",
    { ...existing, publicSubnetIds: ["subnet-0", "subnet-1", "subnet-2"] },
    existing,
    'network.publicSubnetIds is ["subnet-1","subnet-2"]; allowed: ["subnet-0","subnet-1","subnet-2"]',
  ],
  [
    "public addresses for the tasks",
    existing,
    { ...existing, assignPublicIp: true },
    "network.assignPublicIp is true; allowed: false",
  ],
].map(([title, before, after, says]) => ({
  title: String(title),
  before: network(Object(before)),
  after: network(Object(after)),
  says: [
    expect.stringContaining(
      `${String(says)} as deployed while the stack has users: another value moves the tasks of both slots at once`,
    ),
  ],
}));

describeRefusals("it would take the ground from under users", REPLACED);
describeRefusals("it would move the tasks of users", MOVED);

it.each(MOVED)(
  "service.allowInPlace is for one slot at a time, and allows no $title",
  ({ before, after, says }) => {
    const allowed = { ...after, service: { allowInPlace: true } };
    expect(problemsOf(before, allowed).map(showProblem)).toEqual(says);
  },
);

it.each([
  ["NAT for each zone instead of one", { nat: "single" }, { nat: "onePerZone" }],
  [
    "a subnet more for the load balancer",
    existing,
    { ...existing, publicSubnetIds: ["subnet-1", "subnet-2", "subnet-9"] },
  ],
  [
    "a range that does not count in an existing VPC",
    existing,
    { ...existing, cidr: "10.9.0.0/16", zones: 3 },
  ],
  ["zones that are named no more, and stay", { zoneNames: ["us-east-1a", "us-east-1b"] }, {}],
])("%s passes", (_title, before, after) => {
  expect(problemsOf(network(before), network(after))).toEqual([]);
});

it("a stack without users may have another network", () => {
  const after = { network: { cidr: "10.4.0.0/16" } };
  expect(problemsOf({}, after)).toEqual([]);
  const first = { blue, release: firstRelease };
  expect(problemsOf(first, { ...first, ...after })).toEqual([]);
});

it.each([
  ["inside", {}, { internal: true }, "pulumi config rm --path network.internal"],
  ["outside", { internal: true }, {}, "pulumi config set --path network.internal true"],
])("a load balancer goes %s neither under users nor without them", (_where, before, after, fix) => {
  for (const model of [both, {}]) {
    const problems = problemsOf({ ...model, network: before }, { ...model, network: after });
    expect(problems).toMatchObject([{ key: "network.internal", fix }]);
  }
});

it("zones that an earlier version left to awsx may be named, with a word of what nobody can tell", () => {
  const before = previousOf(configOf(both));
  const named = configOf(network({ zoneNames: ["us-east-1a", "us-east-1b"] }));
  expect(updateProblems(before, { ok: true, config: named })).toEqual([]);
  expect(notCompared(before, named)).toContain("that network.zoneNames replaces no subnet");
  expect(notCompared(before, configOf(both))).toBeUndefined();
  expect(notCompared(previousOf(named), named)).toBeUndefined();
});

it("what an earlier version did not remember is not compared", () => {
  const { network: _, ...older } = previousOf(configOf(both));
  const config = configOf(network({ cidr: "10.4.0.0/16" }));
  expect(updateProblems(older, { ok: true, config })).toEqual([]);
});

it("no write of the tools is refused for another default of a newer version", () => {
  const before = previousOf(configOf(shifted(10)));
  const config = configOf({ ...shifted(0), generation: 1, network: { cidr: "10.4.0.0/16" } });
  expect(updateProblems(before, { ok: true, config })).toEqual([]);
});
