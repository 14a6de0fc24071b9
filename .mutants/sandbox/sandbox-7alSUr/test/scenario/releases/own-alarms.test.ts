import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 240_000;

describe("given a rollout that an alarm of the user's own judges, too", () => {
  let world: World;
  let cloudWatch: CloudWatchClient;
  /** Orders that failed, a number that no part of the stack knows. */
  const count = (Value: number) =>
    cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: "Shop",
        MetricData: [{ MetricName: "FailedOrders", Value, Unit: "Count" }],
      }),
    );

  beforeAll(async () => {
    const rollout = { steps: [10, 100], minRequests: 20, maxBlindSpots: [0.5], alarms: ["orders"] };
    world = await aStack({ speed: 30, rollout });
    cloudWatch = new CloudWatchClient(world.see.sdk);
    await world.deploy("digits:1", "1");
    await world.deploy("digits:2", "2");
  }, LONG);
  afterAll(async () => {
    cloudWatch.destroy();
    await world.close();
  }, LONG);

  it(
    "its release does not start while that does not exist, and says so",
    async () => {
      const { exitCode, stderr } = await world.run("rollout", "--skip-tests");
      expect(exitCode).toBe(64);
      expect(stderr).toContain("BG310");
      expect(stderr).toContain("It does not have orders.");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "its candidate goes back when that goes to ALARM, though its own answers are all right",
    async () => {
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: "failed-orders",
          Namespace: "Shop",
          MetricName: "FailedOrders",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 5,
          ComparisonOperator: "GreaterThanThreshold",
          TreatMissingData: "notBreaching",
        }),
      );
      await cloudWatch.send(
        new PutCompositeAlarmCommand({ AlarmName: "orders", AlarmRule: 'ALARM("failed-orders")' }),
      );
      const users = world.users(600);
      const release = world.rollout("--skip-tests");
      await until(async () => (await world.see.live()).green === 10);
      await until(async () => {
        await count(10);
        return (await world.see.live()).green === 0;
      });
      const { exitCode, sentence } = await release;
      await users.leave();
      expect(exitCode).toBe(20);
      expect(sentence).toContain("orders is in ALARM");
      expect(users.failures()).toEqual([]);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );
});
