import { afterAll, beforeAll, expect, test } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { awsxComponents } from "../../packages/local-cloud/provider/awsx.ts";
import type { Related } from "../../policy/rule.ts";
import { RULES, USUAL } from "../../policy/rules.ts";
import { HTTPS, IMAGE, TOKEN, TWO_SLOTS } from "../infra/configs.ts";
import { createTestCloud, type TestCloud } from "../../packages/local-cloud/test/provider/cloud.ts";
import { expand } from "../../packages/local-cloud/test/provider/components.ts";
import { runProgram, type Registered } from "../support/pulumi-mocks.ts";

let cloud: TestCloud;
beforeAll(() => {
  cloud = createTestCloud();
});
afterAll(() => cloud.close());

const urnOf = (key: string) => `urn:pulumi:prod::fraud-model::${key}`;

/** The resources of a registration: itself, or what awsx makes of it. */
async function resourcesOf(registered: Registered): Promise<readonly Related[]> {
  const { type, name, inputs, options } = registered;
  const { protect, ignoreChanges, dependsOn } = options;
  const as = (type: string, name: string, props: unknown, dependencies: readonly string[]): Related => ({
    type,
    name,
    urn: urnOf(`${type}::${name}`),
    props: isRecord(props) ? props : {},
    protect,
    ignoreChanges,
    dependencies,
  });
  if (!awsxComponents.constructs(type)) return [as(type, name, inputs, dependsOn.map(urnOf))];
  const { children } = await expand(cloud, "up", { type, name, inputs: { ...inputs } });
  return children.map((child) => as(child.type, child.name, child.inputs, []));
}

const LOOKED_AT = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/listener:Listener",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/targetGroup:TargetGroup",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:appautoscaling/target:Target",
];

test("The program itself breaks no rule, and has everything that the rules look at", async () => {
  const service = { ...HTTPS, stickinessSeconds: 600 };
  const { resources } = await runProgram(
    { ...TWO_SLOTS, blue: { image: IMAGE, minTasks: 2 }, greenWeight: 10, testToken: TOKEN, service },
    "prod",
  );
  const all = (await Promise.all(resources.map(resourcesOf))).flat();
  const types = new Set(all.map(({ type }) => type));
  for (const type of LOOKED_AT) expect(types).toContain(type);
  const found = RULES.flatMap((rule) =>
    "all" in rule
      ? rule.all(all, USUAL).map(({ message, urn }) => `${urn} ${message}`)
      : all.flatMap((one) => rule.each(one, USUAL).map((message) => `${one.urn} ${message}`)),
  );
  expect(found).toEqual([]);
});
