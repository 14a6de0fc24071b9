import { describe, expect, test } from "vitest";
import { reasonsIn } from "../../../validation/deploy/failed-task-log.ts";

const S = "(service fraud-model-dev-green)";
const GROUP =
  "(target-group arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/g/1, arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/g-test/1)";

describe("what ECS's events say is wrong", () => {
  test("is each reason once, without whose it is and without what merely went on", () => {
    const events = [
      `${S} (deployment ecs-svc/1) deployment failed: tasks failed to start.`,
      `${S} is unable to consistently start tasks successfully.`,
      `${S} was unable to place a task. Reason: CannotPullContainerError: no such image.`,
      `${S} has started 1 tasks: (task 1).`,
      `${S} (deployment ecs-svc/0) deployment completed.`,
      `${S} rolling back to deployment ecs-svc/0.`,
      `${S} was unable to place a task. Reason: CannotPullContainerError: no such image.`,
    ];
    expect(reasonsIn(events)).toEqual([
      "was unable to place a task. Reason: CannotPullContainerError: no such image.",
    ]);
  });

  test("names what a health check found, and not the target groups", () => {
    const events = [
      `${S} has begun draining connections on 1 tasks.`,
      `${S} (port 80) is unhealthy in ${GROUP} due to (reason Health checks failed with these codes: [500]).`,
      `${S} registered 1 targets in ${GROUP}`,
    ];
    expect(reasonsIn(events)).toEqual([
      "is unhealthy due to (reason Health checks failed with these codes: [500]).",
    ]);
  });

  test("is what there is when nothing gives a reason, and nothing when all went well", () => {
    const failed = `${S} (deployment ecs-svc/1) deployment failed: tasks failed to start.`;
    const back = [
      `${S} (deployment ecs-svc/0) deployment completed.`,
      `${S} rolling back to deployment ecs-svc/0.`,
    ];
    expect(reasonsIn([...back, failed, `${S} has reached a steady state.`])).toEqual([
      "deployment failed: tasks failed to start.",
    ]);
    expect(reasonsIn([`${S} has reached a steady state.`])).toEqual([]);
  });
});
