import { describe, expect, test } from "vitest";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { changesBetween, find, keysOf, runProgram } from "../support/pulumi-mocks.ts";
import { EXISTING_VPC, ONE_SLOT, OTHER_IMAGE, TWO_SLOTS, TYPE } from "./configs.ts";

describe("A slot's capacity", () => {
  test.each([
    ["between minTasks and maxTasks", { minTasks: 2, maxTasks: 6 }, [2, 6]],
    ["to zero with minTasks 0, whatever maxTasks says", { minTasks: 0, maxTasks: 6 }, [0, 0]],
  ])("scales %s", async (_name, tasks, [min, max]) => {
    const run = await runProgram({ ...ONE_SLOT, green: { image: OTHER_IMAGE, ...tasks } });
    expect(find(run, `${TYPE.scalableTarget}::green`).inputs).toMatchObject({
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/fraud-model_dev_k3f9ab/fraud-model_dev_k3f9ab-green",
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

  test("changes nothing but scaling and what its silence would page, when a standby goes to zero tasks", async () => {
    const standby = (minTasks: number) => ({ ...ONE_SLOT, green: { image: OTHER_IMAGE, minTasks } });
    const changes = changesBetween(await runProgram(standby(1)), await runProgram(standby(0)));
    const { [`${TYPE.alarm}::green-out-of-service`]: gone, ...others } = changes;
    expect(gone).toContain("name");
    expect(others).toEqual({
      [`${TYPE.dashboard}::dashboard`]: ["(options)", "dashboardBody"],
      [`${TYPE.scalableTarget}::green`]: ["maxCapacity", "minCapacity"],
      // Ignored by the engine: ignoreChanges.
      [`${TYPE.service}::green`]: ["desiredCount"],
      [`${TYPE.composite}::green`]: ["(options)", "alarmRule"],
    });
  });
});

const EC2 = { capacity: "ec2", capacityProvider: "gpu-instances" };

describe("What a slot's tasks run on", () => {
  test("is Fargate, with no capacity provider anywhere", async () => {
    const run = await runProgram(TWO_SLOTS);
    expect(find(run, `${TYPE.service}::blue`).inputs).toMatchObject({ launchType: "FARGATE" });
    expect(keysOf(run)).not.toContain(`${TYPE.clusterCapacity}::capacity`);
  });

  test("is Fargate Spot when asked for, with one task on demand, from the first update on", async () => {
    const run = await runProgram({ ...TWO_SLOTS, service: { capacity: "fargateSpot" } });
    for (const slot of ["blue", "green"]) {
      const { inputs, options } = find(run, `${TYPE.service}::${slot}`);
      expect(inputs["launchType"]).toBeUndefined();
      expect(inputs["capacityProviderStrategies"]).toEqual([
        { capacityProvider: "FARGATE", base: 1, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 4 },
      ]);
      expect(options.dependsOn).toContain(`${TYPE.clusterCapacity}::capacity`);
    }
    expect(find(run, `${TYPE.clusterCapacity}::capacity`).inputs).toEqual({
      clusterName: "fraud-model_dev_k3f9ab",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
  });

  test("is instances of one's own for one slot's model alone, with GPUs, behind the same contract", async () => {
    const overrides = { capacity: "ec2", gpus: 1, cpu: 4096, memory: 15_000 };
    const run = await runProgram({
      ...TWO_SLOTS,
      green: { image: OTHER_IMAGE, modelVersion: "8", overrides },
      service: { capacityProvider: "gpu-instances" },
      network: EXISTING_VPC,
    });
    expect(find(run, `${TYPE.service}::green`).inputs).toMatchObject({
      capacityProviderStrategies: [{ capacityProvider: "gpu-instances", weight: 1 }],
      networkConfiguration: { assignPublicIp: false },
    });
    expect(find(run, `${TYPE.ec2TaskDefinition}::green`).inputs).toMatchObject({
      family: "fraud-model_dev_k3f9ab-green",
      cpu: "4096",
      memory: "15000",
      container: { resourceRequirements: [{ type: "GPU", value: "1" }] },
      logGroup: { existing: { name: "/ecs/fraud-model_dev_k3f9ab-green" } },
    });
    expect(find(run, `${TYPE.service}::blue`).inputs).toMatchObject({ launchType: "FARGATE" });
    expect(find(run, `${TYPE.taskDefinition}::blue`).inputs["container"]).not.toHaveProperty(
      "resourceRequirements",
    );
    expect(parseOutputs(run.outputs)?.slots.green.running).toMatchObject({ modelVersion: "8" });
  });

  test("changes one slot alone, and its service is made anew: ECS has no two of one name", async () => {
    const on = (overrides: object) => ({
      ...TWO_SLOTS,
      green: { image: OTHER_IMAGE, modelVersion: "8", overrides },
      service: EC2,
      network: EXISTING_VPC,
    });
    const before = await runProgram(on({}));
    const after = await runProgram(on({ capacity: "fargateSpot" }));
    expect(Object.keys(changesBetween(before, after)).toSorted()).toEqual(
      [
        `${TYPE.service}::green`,
        `${TYPE.ec2TaskDefinition}::green`,
        `${TYPE.taskDefinition}::green`,
      ].toSorted(),
    );
    expect(find(after, `${TYPE.service}::green`).options.deleteBeforeReplace).toBe(true);
  });

  test("is spread over the zones, and kept so", async () => {
    const run = await runProgram({ ...ONE_SLOT, network: { zones: 3 } });
    expect(find(run, `${TYPE.vpc}::network`).inputs).toMatchObject({ numberOfAvailabilityZones: 3 });
    expect(find(run, `${TYPE.service}::blue`).inputs).toMatchObject({
      availabilityZoneRebalancing: "ENABLED",
    });
  });

  test("is waited for at most as long as requests may take to end", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: { drainSeconds: 90 } });
    const service = find(run, `${TYPE.service}::blue`);
    expect(service.inputs["waitForSteadyState"]).toBe(false);
    expect(service.options.customTimeouts).toEqual({ create: "10m", update: "10m", delete: "12m" });
  });
});
