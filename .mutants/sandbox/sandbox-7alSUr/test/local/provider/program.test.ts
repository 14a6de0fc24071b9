import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRecord } from "../../../contract/config/field.ts";
import { awsxComponents } from "../../../packages/local-cloud/provider/awsx.ts";
import { runProgram } from "../../support/pulumi-mocks.ts";
import { createTestCloud, urnOf, type TestCloud } from "../../../packages/local-cloud/test/provider/cloud.ts";
import { expand } from "../../../packages/local-cloud/test/provider/components.ts";

let cloud: TestCloud;
beforeAll(() => {
  cloud = createTestCloud();
});
afterAll(() => cloud.close());

const IMAGE = "digits:1";
const CONFIGS = [
  { title: "two empty slots", config: {} },
  {
    title: "two slots in use, scaling, test rules and NAT",
    config: {
      localCloud: "http://127.0.0.1:4566",
      blue: { image: IMAGE, modelVersion: 1 },
      green: { image: IMAGE, modelVersion: 2 },
      greenWeight: 10,
      service: {
        stickinessSeconds: 600,
        requestsPerTask: 100,
        taskPolicyArns: ["arn:aws:iam::aws:policy/P"],
      },
      network: { nat: "single" },
      testToken: "a".repeat(40),
    },
  },
];

/** What of the real program the local cloud makes no more of than a record. */
const RECORDED = [
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/eip:Eip",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:iam/role:Role",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:lambda/function:Function",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/permission:Permission",
];

describe.each(CONFIGS)("the project's own program with $title", ({ config }) => {
  it("registers nothing that the provider or the components refuse", async () => {
    const { resources } = await runProgram(config, "local");
    const types = new Set<string>();
    const failures: unknown[] = [];
    for (const { type, name, inputs: registered } of resources) {
      // Components of the program itself need no provider, and the engine has its own.
      if (type.startsWith("bluegreen:") || type.startsWith("pulumi:")) continue;
      const inputs = isRecord(registered) ? { ...registered } : {};
      if (awsxComponents.constructs(type)) {
        const { children } = await expand(cloud, "preview", { type, name, inputs });
        for (const child of children) types.add(child.type);
      } else {
        const checked = await cloud.provider.check({ type, urn: urnOf(type, name), news: inputs });
        failures.push(...checked.failures.map((failure) => ({ type, name, ...failure })));
        types.add(type);
      }
    }
    expect(failures).toEqual([]);
    expect(types.size).toBeGreaterThan(10);
    const acting = [
      "aws:lb/",
      "aws:ecs/",
      "aws:appautoscaling/",
      "aws:cloudwatch/metric",
      "aws:cloudwatch/composite",
      "aws:cloudwatch/dashboard",
    ];
    const others = [...types].filter((type) => !acting.some((prefix) => type.startsWith(prefix)));
    expect(RECORDED).toEqual(expect.arrayContaining(others));
  });
});
