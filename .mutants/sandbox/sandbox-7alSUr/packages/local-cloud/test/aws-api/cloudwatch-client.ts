import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";

import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { cloudWatch } from "../../aws-api/cloudwatch.ts";
import { createApiServer } from "../../aws-api/server.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

export const MINUTE_MS = 60_000;

/** More than five errors of the green slot in two of three minutes. */
export const alarm: PutMetricAlarmCommandInput = {
  AlarmName: "errors",
  Namespace: "App",
  MetricName: "Errors",
  Dimensions: [{ Name: "Slot", Value: "green" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
};

/** CloudWatch behind the API server on a clock that the test moves, and the real SDK client. */
export async function startCloudWatch() {
  const clock = new ManualClock();
  const faults: unknown[] = [];
  const { operations } = createCloudWatch({
    clock,
    region: "us-east-1",
    store: createMetricStore({ clock }),
  });
  const server = createApiServer({
    keys: TEST_KEYS,
    json: [cloudWatch(operations)],
    onFault: (fault) => faults.push(fault),
  });
  const { port } = await server.listen(0);
  const client = new CloudWatchClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: TEST_KEYS,
    maxAttempts: 1,
  });
  return {
    clock,
    client,
    putAlarm: (change: Partial<PutMetricAlarmCommandInput> = {}) =>
      client.send(new PutMetricAlarmCommand({ ...alarm, ...change })),
    /** One value at the clock's time. */
    putData: (MetricName: string, Value: number, Dimensions = alarm.Dimensions) =>
      client.send(
        new PutMetricDataCommand({
          Namespace: "App",
          MetricData: [{ MetricName, Dimensions, Value, Timestamp: new Date(clock.now()) }],
        }),
      ),
    async close() {
      client.destroy();
      await server.close();
      if (faults.length > 0) throw new Error("the server had a defect", { cause: faults });
    },
  };
}
