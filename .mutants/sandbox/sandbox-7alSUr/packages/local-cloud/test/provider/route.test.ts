import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../../provider/shape.ts";
import {
  change,
  createTestCloud,
  make,
  makeRoute,
  makeService,
  type Resource,
  type TestCloud,
} from "./cloud.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

/** The call of somebody who does not go through Pulumi. */
function aside(service: "elbv2" | "ecs" | "cloudwatch", operation: string, input: Properties): unknown {
  return cloud[service][operation]?.(input);
}

describe("the route", () => {
  it("takes exactly one ModifyRule for a change of weights, which carries nothing but the actions", async () => {
    const { rule, ruleInputs, groups } = await makeRoute(cloud);
    cloud.writes();
    await change(cloud, rule, ruleInputs(75, 25));
    expect(cloud.writes()).toEqual([
      {
        operation: "ModifyRule",
        input: {
          RuleArn: rule.id,
          Actions: [
            {
              Type: "forward",
              ForwardConfig: {
                TargetGroups: [
                  { TargetGroupArn: groups.blue.id, Weight: 75 },
                  { TargetGroupArn: groups.green.id, Weight: 25 },
                ],
                TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
              },
            },
          ],
        },
      },
    ]);
  });

  it("names the weights and the stickiness that change, and nothing to replace", async () => {
    const { rule, ruleInputs } = await makeRoute(cloud);
    const { changes, replaces } = await cloud.provider.diff({
      ...rule,
      olds: rule.inputs,
      news: ruleInputs(75, 25),
    });
    expect(changes).toEqual([
      "actions[0].forward.targetGroups[0].weight",
      "actions[0].forward.targetGroups[1].weight",
      "actions[0].forward.stickiness.enabled",
    ]);
    expect(replaces).toEqual([]);
  });

  it("keeps a weight of 0 as 0", async () => {
    const { rule } = await makeRoute(cloud);
    const answer = JSON.stringify(await aside("elbv2", "DescribeRules", { RuleArns: [rule.id] }));
    expect(answer.match(/"Weight":\d+/g)).toEqual(['"Weight":100', '"Weight":0']);
  });

  it("gets the next free priority when the program gives none", async () => {
    const { rule, listener, ruleInputs } = await makeRoute(cloud);
    const { priority: _, ...inputs } = ruleInputs(1, 1);
    const next = await make(cloud, rule.type, "next", { ...inputs, listenerArn: listener.id });
    expect(next.outputs["priority"]).toBe(101);
    expect((await change(cloud, next, inputs)).changes).toEqual([]);
  });

  it("passes AWS's own error on, with its code", async () => {
    const { rule, ruleInputs } = await makeRoute(cloud);
    await expect(make(cloud, rule.type, "again", ruleInputs(100, 0))).rejects.toThrow(
      "PriorityInUse: Priority '100' is currently in use",
    );
  });
});

interface Drift {
  readonly title: string;
  /** Makes a resource, changes it behind Pulumi's back, and says which property is then different. */
  readonly make: () => Promise<{ resource: Resource; property: string; live: unknown }>;
}

const DRIFTS: readonly Drift[] = [
  {
    title: "weights that an emergency write has set",
    make: async () => {
      const { rule, ruleInputs, groups } = await makeRoute(cloud);
      const changed = await change(cloud, rule, ruleInputs(90, 10));
      const TargetGroups = [
        { TargetGroupArn: groups.blue.id, Weight: 100 },
        { TargetGroupArn: groups.green.id, Weight: 0 },
      ];
      const TargetGroupStickinessConfig = { Enabled: false, DurationSeconds: 3600 };
      const forward = { Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } };
      await aside("elbv2", "ModifyRule", { RuleArn: rule.id, Actions: [forward] });
      return {
        resource: changed,
        property: "actions",
        live: [
          {
            type: "forward",
            forward: {
              targetGroups: [
                { arn: groups.blue.id, weight: 100 },
                { arn: groups.green.id, weight: 0 },
              ],
              stickiness: { enabled: false, duration: 3600 },
            },
          },
        ],
      };
    },
  },
  {
    title: "a tag that somebody added to the route",
    make: async () => {
      const { rule } = await makeRoute(cloud);
      await aside("elbv2", "AddTags", { ResourceArns: [rule.id], Tags: [{ Key: "x", Value: "y" }] });
      return { resource: rule, property: "tags", live: { "deploy:active-slot": "blue", x: "y" } };
    },
  },
  {
    title: "a deregistration delay set manually",
    make: async () => {
      const { groups } = await makeRoute(cloud);
      const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "77" }];
      const TargetGroupArn = groups.blue.id;
      await aside("elbv2", "ModifyTargetGroupAttributes", { TargetGroupArn, Attributes });
      return { resource: groups.blue, property: "deregistrationDelay", live: 77 };
    },
  },
  {
    title: "a threshold set manually",
    make: async () => {
      const inputs = {
        name: "cpu",
        namespace: "AWS/ECS",
        metricName: "CPUUtilization",
        statistic: "Average",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 90,
      };
      const resource = await make(cloud, "aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", inputs);
      await aside("cloudwatch", "PutMetricAlarm", {
        AlarmName: "cpu",
        Namespace: "AWS/ECS",
        MetricName: "CPUUtilization",
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 99,
        TreatMissingData: "missing",
      });
      return { resource, property: "threshold", live: 99 };
    },
  },
  {
    title: "a service that runs another task definition",
    make: async () => {
      const { service, definition, definitionInputs } = await makeService(cloud, await makeRoute(cloud));
      const second = await make(cloud, definition.type, "blue", definitionInputs("model:1"));
      const input = { cluster: "models", service: service.id, taskDefinition: second.outputs["arn"] };
      await aside("ecs", "UpdateService", input);
      return { resource: service, property: "taskDefinition", live: second.outputs["arn"] };
    },
  },
];

describe.each(DRIFTS)("a refresh shows $title", (drift) => {
  it("and the next update brings it back", async () => {
    const { resource, property, live } = await drift.make();
    const read = await cloud.provider.read(resource);
    expect(read?.inputs[property]).toEqual(live);

    const refreshed = { ...resource, inputs: read?.inputs ?? {}, outputs: read?.outputs ?? {} };
    const fixed = await change(cloud, refreshed, resource.inputs);
    expect(fixed.changes.length).toBeGreaterThan(0);
    expect((await cloud.provider.read(fixed))?.inputs).toEqual(resource.inputs);
  });
});

describe("a task definition", () => {
  it("is a new revision for another image, and the old one may stay for ECS to go back to", async () => {
    const { definition, definitionInputs } = await makeService(cloud, await makeRoute(cloud));
    const { replaces, deleteBeforeReplace } = await cloud.provider.diff({
      ...definition,
      olds: definition.inputs,
      news: definitionInputs("model:2"),
    });
    expect({ replaces, deleteBeforeReplace }).toEqual({
      replaces: ["containerDefinitions"],
      deleteBeforeReplace: false,
    });
    cloud.writes();
    await cloud.provider.delete({ ...definition, outputs: { ...definition.outputs, skipDestroy: true } });
    expect(cloud.writes()).toEqual([]);
    await cloud.provider.delete(definition);
    expect(cloud.writes().map(({ operation }) => operation)).toEqual(["DeregisterTaskDefinition"]);
  });

  it("takes two spellings of the same containers for the same", async () => {
    const { definition, definitionInputs } = await makeService(cloud, await makeRoute(cloud));
    const [container] = members(JSON.parse(String(definition.inputs["containerDefinitions"])));
    const reversed = Object.fromEntries(Object.entries(asProperties(container)).toReversed());
    const containerDefinitions = JSON.stringify([reversed], null, 2);
    const again = await change(cloud, definition, { ...definitionInputs("model:1"), containerDefinitions });
    expect(again.changes).toEqual([]);
  });

  it("is refused by name when its containers are not JSON", async () => {
    const type = "aws:ecs/taskDefinition:TaskDefinition";
    const { failures } = await cloud.provider.check({
      type,
      urn: "urn:pulumi:local::p::t::blue",
      news: { family: "f", containerDefinitions: "{" },
    });
    expect(failures).toEqual([
      { property: "containerDefinitions", reason: "must be a JSON list of container definitions" },
    ]);
  });
});
