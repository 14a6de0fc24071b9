import { describe, expect, test } from "vitest";
import type { ChildTransforms } from "../../../infra/component/blue-green-service.ts";
import { find } from "../../support/pulumi-mocks.ts";
import { ONE_SLOT, TWO_SLOTS, TYPE } from "../configs.ts";
import { LOCAL, ofModel, run } from "./models.ts";

/** What the component gives itself is a list. */
const listOf = <T>(list: T): readonly object[] => (Array.isArray(list) ? list : []);

describe("A transform", () => {
  const config = ofModel("fraud", { ...ONE_SLOT, ...LOCAL });

  test("changes what no option names, of its kind alone", async () => {
    const transform: ChildTransforms = {
      service: (args) => ({ ...args, enableExecuteCommand: true }),
      container: (args) => ({ ...args, ulimits: [{ name: "nofile", softLimit: 4096, hardLimit: 4096 }] }),
    };
    const made = await run(config, ["fraud", { transform }]);
    expect(find(made, `${TYPE.service}::fraud-blue`).inputs["enableExecuteCommand"]).toBe(true);
    expect(find(made, `${TYPE.taskDefinition}::fraud-blue`).inputs).toMatchObject({
      container: { ulimits: [{ name: "nofile", softLimit: 4096, hardLimit: 4096 }] },
    });
  });

  test.each<[string, ChildTransforms, string, object]>([
    [
      "entry point and shared memory",
      { container: (args) => ({ ...args, entryPoint: ["sh"], linuxParameters: { sharedMemorySize: 64 } }) },
      `${TYPE.taskDefinition}::fraud-blue`,
      { container: { entryPoint: ["sh"], linuxParameters: { sharedMemorySize: 64 } } },
    ],
    [
      "ephemeral storage",
      { taskDefinition: (args) => ({ ...args, ephemeralStorage: { sizeInGib: 50 } }) },
      `${TYPE.taskDefinition}::fraud-blue`,
      { ephemeralStorage: { sizeInGib: 50 } },
    ],
    [
      "an execution role",
      { taskDefinition: (args) => ({ ...args, executionRole: { roleArn: "arn:aws:iam::1:role/own" } }) },
      `${TYPE.taskDefinition}::fraud-blue`,
      { executionRole: { roleArn: "arn:aws:iam::1:role/own" } },
    ],
    [
      "a key of the log group",
      { logGroup: (args) => ({ ...args, kmsKeyId: "arn:key" }) },
      `${TYPE.logGroup}::fraud-blue`,
      { kmsKeyId: "arn:key" },
    ],
    [
      "access logs",
      { loadBalancer: (args) => ({ ...args, accessLogs: { bucket: "logs", enabled: true } }) },
      `${TYPE.loadBalancer}::fraud-lb`,
      { accessLogs: { bucket: "logs", enabled: true } },
    ],
    [
      "a health check's port",
      { targetGroup: (args) => ({ ...args, healthCheck: { port: "9001" } }) },
      `${TYPE.targetGroup}::fraud-green-production`,
      { healthCheck: { port: "9001" } },
    ],
  ])("reaches %s", async (_what, transform, key, wanted) => {
    const made = await run(config, ["fraud", { transform }]);
    expect(find(made, key).inputs).toMatchObject(wanted);
  });

  test.each<[string, ChildTransforms, string]>([
    [
      "the route's weights",
      { listenerRule: (args) => ({ ...args, actions: [] }) },
      "the route lists both target groups",
    ],
    [
      "a group's stickiness",
      { targetGroup: (args) => ({ ...args, stickiness: { type: "lb_cookie" } }) },
      "beyond the reach of the weights",
    ],
    ["the image", { container: (args) => ({ ...args, image: "other:1" }) }, "the image is the deployed one"],
    ["an alarm's name", { alarm: (args) => ({ ...args, name: "mine" }) }, "find an alarm by its name"],
    ["an alarm's threshold", { alarm: (args) => ({ ...args, threshold: 1 }) }, "thresholds.* are the lever"],
    [
      "what an alarm makes of silence",
      { alarm: (args) => ({ ...args, treatMissingData: "ignore" }) },
      "judge by the alarms of the catalogue",
    ],
    [
      "whom a slot's alarm calls",
      { slotAlarm: (args) => ({ ...args, alarmActions: ["arn:topic"] }) },
      "the alarm calls the watchdog",
    ],
    [
      "the way back of a deployment",
      { service: (args) => ({ ...args, deploymentCircuitBreaker: { enable: false, rollback: false } }) },
      "ECS goes back to the ones before",
    ],
    [
      "what an update waits for",
      { service: (args) => ({ ...args, waitForSteadyState: true }) },
      "hold the stack's lock against a revert",
    ],
    [
      "a log group's name",
      { logGroup: (args) => ({ ...args, name: "mine" }) },
      "tasks may write to the group of this name alone",
    ],
    [
      "the number of tasks",
      { scalingTarget: (args) => ({ ...args, minCapacity: 7 }) },
      "minTasks and maxTasks are the lever",
    ],
    ["a rule's condition", { listenerRule: (args) => ({ ...args, conditions: [] }) }, "with all that it has"],
    [
      "the model's variables",
      { container: (args) => ({ ...args, environment: [{ name: "PORT", value: "1" }] }) },
      "the model is told its port",
    ],
  ])("of %s is refused with the promise that it would break", async (_what, transform, promise) => {
    await expect(run(config, ["fraud", { transform }])).rejects.toThrow(promise);
  });

  test("that takes an argument away which is promised is refused, too", async () => {
    const transform: ChildTransforms = {
      targetGroup: ({ stickiness: _gone, ...rest }) => rest,
    };
    await expect(run(config, ["fraud", { transform }])).rejects.toThrow("beyond the reach of the weights");
  });

  test("that writes into what it gets is refused as well", async () => {
    const transform: ChildTransforms = {
      targetGroup: (args) => {
        Object.assign(args.stickiness ?? {}, { enabled: true });
        return args;
      },
    };
    await expect(run(config, ["fraud", { transform }])).rejects.toThrow("beyond the reach of the weights");
  });

  test("writes into no argument of another child", async () => {
    const transform: ChildTransforms = {
      service: (args, name) => {
        if (name === "blue") Object.assign(args.networkConfiguration ?? {}, { assignPublicIp: "never" });
        return args;
      },
    };
    const made = await run(ofModel("fraud", { ...TWO_SLOTS, ...LOCAL }), ["fraud", { transform }]);
    const of = (slot: string) => find(made, `${TYPE.service}::fraud-${slot}`).inputs["networkConfiguration"];
    expect(of("blue")).toMatchObject({ assignPublicIp: "never" });
    expect(of("green")).not.toMatchObject({ assignPublicIp: "never" });
  });

  test("may add conditions and variables to those that are there, each name once", async () => {
    const own = { queryStrings: [{ key: "tenant", value: "a" }] };
    const variable = { name: "MODE", value: "fast" };
    const added: ChildTransforms = {
      listenerRule: (args) => ({ ...args, conditions: [...listOf(args.conditions), own] }),
      container: (args) => ({ ...args, environment: [variable, ...listOf(args.environment)] }),
    };
    const made = await run(config, ["fraud", { transform: added }]);
    expect(find(made, `${TYPE.rule}::fraud-route`).inputs["conditions"]).toContainEqual(own);
    expect(find(made, `${TYPE.taskDefinition}::fraud-blue`).inputs).toMatchObject({
      container: { environment: expect.arrayContaining([variable]) },
    });
    const twice: ChildTransforms = {
      container: (args) => ({
        ...args,
        environment: [...listOf(args.environment), { name: "PORT", value: "1" }],
      }),
    };
    await expect(run(config, ["fraud", { transform: twice }])).rejects.toThrow("with all that it has, once");
  });
});
