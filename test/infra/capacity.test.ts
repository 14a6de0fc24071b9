import { describe, expect, test } from "vitest";
import { parseOutputs } from "../../contract/outputs.ts";
import { changesBetween, find, runProgram } from "../support/pulumi-mocks.ts";
import { ONE_SLOT, OTHER_IMAGE, TYPE } from "./configs.ts";

describe("A slot's capacity", () => {
  test.each([
    ["between minTasks and maxTasks", { minTasks: 2, maxTasks: 6 }, [2, 6]],
    ["to zero with minTasks 0, whatever maxTasks says", { minTasks: 0, maxTasks: 6 }, [0, 0]],
  ])("scales %s", async (_name, tasks, [min, max]) => {
    const run = await runProgram({ ...ONE_SLOT, green: { image: OTHER_IMAGE, ...tasks } });
    expect(find(run, `${TYPE.scalableTarget}::green`).inputs).toMatchObject({
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/ml-blue-green-dev/ml-blue-green-dev-green",
      minCapacity: min,
      maxCapacity: max,
    });
    expect(find(run, `${TYPE.service}::green`).inputs["desiredCount"]).toBe(tasks.minTasks);
    expect(parseOutputs(run.outputs)?.slots.green.running).toMatchObject(tasks);
  });

  test.each([
    ["CPU alone", {}, ["blue-cpu"]],
    ["nothing", { cpuTarget: 0 }, []],
    ["requests alone", { cpuTarget: 0, requestsPerTask: 500 }, ["blue-requests"]],
    ["both", { cpuTarget: 70, requestsPerTask: 500 }, ["blue-cpu", "blue-requests"]],
  ])("follows %s", async (_name, service, names) => {
    const run = await runProgram({ ...ONE_SLOT, service });
    const policies = run.resources.filter(({ type }) => type === TYPE.scalingPolicy);
    expect(policies.map(({ name }) => name).toSorted()).toEqual(names);
  });

  test("follows requests on the production group, never on the test group", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: { requestsPerTask: 500 } });
    const { inputs } = find(run, `${TYPE.scalingPolicy}::blue-requests`);
    const { loadBalancerSuffix, slots } = parseOutputs(run.outputs) ?? {};
    expect(inputs["targetTrackingScalingPolicyConfiguration"]).toEqual({
      targetValue: 500,
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: `${loadBalancerSuffix}/${slots?.blue.targetGroupSuffix}`,
      },
    });
  });

  test("changes nothing but scaling, alarms' rule apart, when a standby goes to zero tasks", async () => {
    const standby = (minTasks: number) => ({ ...ONE_SLOT, green: { image: OTHER_IMAGE, minTasks } });
    const changes = changesBetween(await runProgram(standby(1)), await runProgram(standby(0)));
    expect(changes).toEqual({
      [`${TYPE.scalableTarget}::green`]: ["maxCapacity", "minCapacity"],
      // Ignored by the engine: ignoreChanges.
      [`${TYPE.service}::green`]: ["desiredCount"],
      [`${TYPE.composite}::green`]: ["(options)", "alarmRule"],
    });
  });
});
