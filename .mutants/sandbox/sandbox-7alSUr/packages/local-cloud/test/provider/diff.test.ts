import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN, type Properties } from "../../../pulumi-engine/values/provider.ts";
import { createTestCloud, urnOf, type TestCloud } from "./cloud.ts";

let cloud: TestCloud;
beforeAll(() => {
  cloud = createTestCloud();
});
afterAll(() => cloud.close());

const GROUP = "aws:lb/targetGroup:TargetGroup";
const RULE = "aws:lb/listenerRule:ListenerRule";
const SERVICE = "aws:ecs/service:Service";

async function check(type: string, news: Properties, olds?: Properties) {
  return cloud.provider.check({ type, urn: urnOf(type, "name"), news, ...(olds && { olds }) });
}

async function diff(type: string, olds: Properties, news: Properties) {
  const checked = await check(type, news, olds);
  return cloud.provider.diff({
    type,
    urn: urnOf(type, "name"),
    id: "id",
    olds,
    news: checked.inputs,
    outputs: {},
  });
}

/** Inputs of one type in two spellings that mean the same. */
const SAME: readonly { title: string; type: string; terse: Properties; wordy: Properties }[] = [
  {
    title: "defaults left out or written",
    type: GROUP,
    terse: { name: "g", port: 80, healthCheck: { path: "/" }, stickiness: { enabled: false } },
    wordy: {
      name: "g",
      port: 80,
      targetType: "instance",
      slowStart: 0,
      deregistrationDelay: 300,
      healthCheck: { path: "/", enabled: true, interval: 30, port: "traffic-port", protocol: "HTTP" },
      stickiness: { enabled: false, cookieDuration: 86_400 },
      tags: {},
    },
  },
  {
    title: "numbers and flags as text",
    type: GROUP,
    terse: { name: "g", port: 80, healthCheck: { interval: 10, matcher: "200" }, slowStart: 30 },
    wordy: {
      name: "g",
      port: "80",
      healthCheck: { interval: "10", matcher: 200, enabled: "true" },
      slowStart: "30",
    },
  },
  {
    title: "what is undefined, null or an empty list",
    type: SERVICE,
    terse: { name: "s", taskDefinition: "t" },
    wordy: {
      name: "s",
      taskDefinition: "t",
      launchType: undefined,
      platformVersion: null,
      loadBalancers: [],
      capacityProviderStrategies: [],
      serviceRegistries: undefined,
      tags: null,
    },
  },
  {
    title: "lists whose order means nothing",
    type: SERVICE,
    terse: { name: "s", networkConfiguration: { subnets: ["a", "b"], securityGroups: ["x", "y"] } },
    wordy: { name: "s", networkConfiguration: { subnets: ["b", "a"], securityGroups: ["y", "x"] } },
  },
];

describe("a diff of inputs that mean the same", () => {
  it.each(SAME)("is empty for $title, both ways", async ({ type, terse, wordy }) => {
    const first = await check(type, terse);
    const second = await check(type, wordy);
    expect([...first.failures, ...second.failures]).toEqual([]);
    expect((await diff(type, first.inputs, wordy)).changes).toEqual([]);
    expect((await diff(type, second.inputs, terse)).changes).toEqual([]);
  });

  it("is empty for whatever weights and stickiness, once or twice checked", async () => {
    const share = fc.integer({ min: 0, max: 999 });
    const spelled = fc.tuple(share, fc.boolean()).map(([value, asText]) => (asText ? String(value) : value));
    await fc.assert(
      fc.asyncProperty(
        spelled,
        spelled,
        fc.boolean(),
        fc.integer(),
        async (blue, green, enabled, duration) => {
          const inputs = (a: unknown, b: unknown): Properties => ({
            listenerArn: "l",
            actions: [
              {
                type: "forward",
                forward: {
                  targetGroups: [
                    { arn: "blue", weight: a },
                    { arn: "green", weight: b },
                  ],
                  stickiness: { enabled, duration },
                },
              },
            ],
          });
          const once = await check(RULE, inputs(blue, green));
          const twice = await check(RULE, once.inputs, once.inputs);
          expect(twice).toEqual({ inputs: once.inputs, failures: [] });
          expect((await diff(RULE, once.inputs, inputs(Number(blue), String(green)))).changes).toEqual([]);
          const other = await diff(RULE, once.inputs, inputs(Number(blue) + 1, green));
          expect(other.changes).toEqual(["actions[0].forward.targetGroups[0].weight"]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** What an update in place cannot change, as in the real AWS provider. */
const REPLACED: Readonly<
  Record<string, readonly (readonly [property: string, from: unknown, to: unknown])[]>
> = {
  "aws:lb/loadBalancer:LoadBalancer": [
    ["name", "a", "b"],
    ["internal", false, true],
    ["loadBalancerType", "application", "network"],
  ],
  [GROUP]: [
    ["name", "a", "b"],
    ["port", 80, 81],
    ["protocol", "HTTP", "HTTPS"],
    ["protocolVersion", "HTTP1", "GRPC"],
    ["targetType", "ip", "instance"],
    ["vpcId", "vpc-1", "vpc-2"],
  ],
  "aws:lb/listener:Listener": [["loadBalancerArn", "a", "b"]],
  [RULE]: [["listenerArn", "a", "b"]],
  "aws:ecs/cluster:Cluster": [["name", "a", "b"]],
  "aws:ecs/taskDefinition:TaskDefinition": [
    ["family", "a", "b"],
    ["containerDefinitions", "[]", '[{"name":"m"}]'],
    ["cpu", "256", "512"],
    ["memory", "512", "1024"],
    ["taskRoleArn", "a", "b"],
  ],
  [SERVICE]: [
    ["name", "a", "b"],
    ["cluster", "a", "b"],
    ["launchType", "FARGATE", "EC2"],
    ["schedulingStrategy", "REPLICA", "DAEMON"],
  ],
  "aws:appautoscaling/target:Target": [["resourceId", "a", "b"]],
  "aws:appautoscaling/policy:Policy": [
    ["name", "a", "b"],
    ["resourceId", "a", "b"],
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [["name", "a", "b"]],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [["alarmName", "a", "b"]],
  "aws:ec2/vpc:Vpc": [["cidrBlock", "10.0.0.0/16", "10.1.0.0/16"]],
  "aws:iam/role:Role": [["name", "a", "b"]],
};
const CASES = Object.entries(REPLACED).flatMap(([type, changes]) =>
  changes.map(([property, from, to]) => ({ type, property, from, to })),
);

describe("a replacement", () => {
  it.each(CASES)("is what a change of $property of $type takes", async ({ type, property, from, to }) => {
    const { inputs } = await check(type, { name: "n", alarmName: "n", [property]: from });
    const news = { name: "n", alarmName: "n", [property]: to };
    expect((await diff(type, inputs, news)).replaces).toEqual([property]);
  });

  it("deletes first when the new resource would have the old one's name, and else last", async () => {
    const group = { name: "g", port: 80 };
    const { inputs } = await check(GROUP, group);
    expect((await diff(GROUP, inputs, { ...group, port: 81 })).deleteBeforeReplace).toBe(true);
    const renamed = await diff(GROUP, inputs, { name: "h", port: 81 });
    expect(renamed).toMatchObject({ replaces: ["name", "port"], deleteBeforeReplace: false });
  });

  it("is planned when what forces it is not known yet", async () => {
    const { inputs } = await check(RULE, { listenerArn: "a" });
    expect((await diff(RULE, inputs, { listenerArn: UNKNOWN })).replaces).toEqual(["listenerArn"]);
  });
});

describe("a check", () => {
  it("lets what is not known yet pass wherever it stands", async () => {
    const news = {
      port: UNKNOWN,
      healthCheck: UNKNOWN,
      tags: { a: UNKNOWN },
      name: "g",
      vpcId: UNKNOWN,
    };
    const { inputs, failures } = await check(GROUP, news);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(news);
  });

  it("reports every problem at once, by the name of the property", async () => {
    const { failures } = await check(GROUP, {
      name: "g",
      port: "eighty",
      targetControlPort: 9,
      healthCheck: { interval: [], grace: 3 },
      tags: "none",
      region: "us-east-1",
    });
    expect(failures).toEqual([
      { property: "targetControlPort", reason: "the local cloud does not simulate it" },
      { property: "port", reason: 'must be a number, got "eighty"' },
      { property: "healthCheck.grace", reason: "the local cloud does not simulate it" },
      { property: "tags", reason: 'must be a map, got "none"' },
      { property: "region", reason: "the local cloud has eu-central-1 only, got us-east-1" },
    ]);
  });

  it("refuses a type of another provider by name", async () => {
    await expect(check("gcp:run/service:Service", {})).rejects.toThrow(
      "the local cloud has no resource type gcp:run/service:Service",
    );
  });

  it("names what the program leaves unnamed, and keeps that name", async () => {
    const { inputs } = await check(GROUP, { port: 80 });
    expect(inputs["name"]).toBe("name-0a1b2c3");
    expect((await check(GROUP, { port: 81 }, { ...inputs, name: "name-fffffff" })).inputs["name"]).toBe(
      "name-fffffff",
    );
    expect((await check(GROUP, { port: 81 }, { ...inputs, name: "manual" })).inputs["name"]).toBe(
      "name-0a1b2c3",
    );
  });

  it("refuses a generated name that AWS would not take", async () => {
    const urn = urnOf(GROUP, "a-target-group-with-a-long-name");
    const { failures } = await cloud.provider.check({ type: GROUP, urn, news: {} });
    expect(failures.map(({ property }) => property)).toEqual(["name"]);
  });
});

describe("a replacement", () => {
  const GROUP_OF = "aws:ec2/securityGroup:SecurityGroup";
  const MADE_UP = "name-0a1b2c3";

  it.each([
    [
      "a security group with a name of the provider's",
      GROUP_OF,
      { vpcId: "a" },
      { vpcId: "b" },
      MADE_UP,
      false,
    ],
    ["a security group with a fixed name", GROUP_OF, { vpcId: "a" }, { vpcId: "b" }, "fixed", true],
    ["a target group with a name of the provider's", GROUP, { port: 80 }, { port: 81 }, MADE_UP, false],
    ["a target group with a fixed name", GROUP, { port: 80 }, { port: 81 }, "fixed", true],
  ])(
    "of %s: deleted first only where both could not stand side by side",
    async (_title, type, olds, news, name, first) => {
      const wanted = name === MADE_UP ? news : { ...news, name };
      const found = await diff(type, { ...olds, name }, wanted);
      expect(found.replaces.length).toBeGreaterThan(0);
      expect(found.deleteBeforeReplace).toBe(first);
    },
  );
});
