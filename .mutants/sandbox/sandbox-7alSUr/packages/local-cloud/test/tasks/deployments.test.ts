import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  backOffMs,
  beginDeployment,
  countFailedTask,
  countHealthyTask,
  failureThreshold,
  servingDeploymentId,
  settleDeployments,
} from "../../tasks/deployments.ts";
import type { ServiceRecord } from "../../tasks/model.ts";

const NONE = { healthy: 0, alive: 0 };

function service(
  desiredCount: number,
  breaker: Partial<ServiceRecord["circuitBreaker"]> = {},
): ServiceRecord {
  const record: ServiceRecord = {
    name: "blue",
    arn: "arn",
    cluster: "models",
    status: "ACTIVE",
    desiredCount,
    createdAtMs: 0,
    deployments: [],
    lastCompletedId: undefined,
    loadBalancers: [],
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: true, rollback: true, resetOnHealthyTask: true, ...breaker },
    healthCheckGracePeriodSeconds: 0,
    networkConfiguration: undefined,
    capacityProviderStrategy: [],
    launchType: "FARGATE",
    recorded: {},
    events: [],
    tags: {},
  };
  beginDeployment(record, "digits:1", "ecs-svc/1", 0);
  return record;
}

/** A service whose first deployment has completed and whose second is in progress. */
function updated(
  desiredCount: number,
  breaker: Partial<ServiceRecord["circuitBreaker"]> = {},
): ServiceRecord {
  const record = service(desiredCount, breaker);
  settleDeployments(record, () => ({ healthy: desiredCount, alive: desiredCount }), 1);
  beginDeployment(record, "digits:2", "ecs-svc/2", 2);
  return record;
}

const fail = (record: ServiceRecord, times: number) =>
  Array.from({ length: times }, () => countFailedTask(record, "ecs-svc/2", 3)).flat();
const states = (record: ServiceRecord) =>
  record.deployments.map(({ id, rolloutState }) => `${id} ${rolloutState}`);

describe("a deployment", () => {
  test.each([
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [1000, 200],
  ])("of %i tasks fails after %i failed tasks", (desiredCount, threshold) => {
    expect(failureThreshold(desiredCount)).toBe(threshold);
    const record = updated(desiredCount);
    fail(record, threshold - 1);
    expect(record.deployments[0]?.rolloutState).toBe("IN_PROGRESS");
    expect(fail(record, 1)).toEqual([
      "(deployment ecs-svc/2) deployment failed: tasks failed to start.",
      "rolling back to deployment ecs-svc/1.",
    ]);
    expect(states(record)).toEqual(["ecs-svc/1 IN_PROGRESS", "ecs-svc/2 FAILED"]);
    expect(servingDeploymentId(record)).toBe("ecs-svc/1");
  });

  test("that failed without rollback leaves the tasks of the last completed one in charge", () => {
    const record = updated(1, { rollback: false });
    fail(record, 3);
    expect(states(record)).toEqual(["ecs-svc/2 FAILED", "ecs-svc/1 COMPLETED"]);
    expect(servingDeploymentId(record)).toBe("ecs-svc/1");
  });

  test("that failed as the first one leaves nobody in charge", () => {
    const record = service(1);
    for (let time = 0; time < 3; time += 1) countFailedTask(record, "ecs-svc/1", 1);
    expect(states(record)).toEqual(["ecs-svc/1 FAILED"]);
    expect(servingDeploymentId(record)).toBeUndefined();
  });

  test("never fails without a circuit breaker", () => {
    const record = updated(1, { enable: false });
    fail(record, 1000);
    expect(record.deployments[0]).toMatchObject({ rolloutState: "IN_PROGRESS", failedTasks: 1000 });
  });

  test("counts anew after a healthy task, unless told not to", () => {
    for (const [resetOnHealthyTask, failedTasks] of [
      [true, 0],
      [false, 2],
    ] as const) {
      const record = updated(1, { resetOnHealthyTask });
      fail(record, 2);
      countHealthyTask(record, "ecs-svc/2");
      expect(record.deployments[0]?.failedTasks).toBe(failedTasks);
    }
  });

  test("is not completed while a task of another one is on its way out", () => {
    const record = updated(1);
    const tasks = (leaving: number) => (id: string) =>
      id === "ecs-svc/2" ? { healthy: 1, alive: 1 } : { healthy: 0, alive: leaving };
    expect(settleDeployments(record, tasks(1), 4)).toEqual([]);
    expect(record.deployments).toHaveLength(2);
    expect(settleDeployments(record, tasks(0), 5)).toEqual(["(deployment ecs-svc/2) deployment completed."]);
    expect(states(record)).toEqual(["ecs-svc/2 COMPLETED"]);
  });

  test("that was overtaken is forgotten with its last task; the last completed one is kept to go back to", () => {
    const record = updated(1);
    beginDeployment(record, "digits:3", "ecs-svc/3", 4);
    settleDeployments(record, () => NONE, 5);
    expect(record.deployments.map(({ id }) => id)).toEqual(["ecs-svc/3", "ecs-svc/1"]);
  });

  test("of no tasks is completed at once", () => {
    const record = service(0);
    settleDeployments(record, () => NONE, 1);
    expect(states(record)).toEqual(["ecs-svc/1 COMPLETED"]);
  });
});

test("the pause before the next start grows with the failures in a row, up to twenty-seven minutes", () => {
  expect([0, 1, 2, 3, 20].map(backOffMs)).toEqual([0, 10_000, 20_000, 40_000, 27 * 60_000]);
  fc.assert(
    fc.property(fc.nat(10_000), (failures) => {
      expect(backOffMs(failures)).toBeLessThanOrEqual(backOffMs(failures + 1));
      expect(backOffMs(failures)).toBeLessThanOrEqual(27 * 60_000);
    }),
  );
});
