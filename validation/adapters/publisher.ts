import type { CloudWatchClient, MetricDatum } from "@aws-sdk/client-cloudwatch";
import {
  RELEASE_DIMENSIONS,
  RELEASE_METRICS,
  RELEASE_NAMESPACE,
  VERDICT_CODES,
} from "../../contract/release/release-metrics.ts";
import { SLOTS } from "../../contract/slot.ts";
import type { Publisher, ReleaseFacts } from "../ports.ts";

// Nobody waits for a dashboard: what CloudWatch has not taken by then is not told.
const PATIENCE_MS = 3_000;

/** Custom metrics in CloudWatch, one call for all of them. */
export function cloudWatchPublisher(client: () => Promise<CloudWatchClient>): Publisher {
  return {
    async publish(facts) {
      const { PutMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
      const command = new PutMetricDataCommand({ Namespace: RELEASE_NAMESPACE, MetricData: dataOf(facts) });
      const sender = await client();
      await sender.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
    },
  };
}

function dataOf({ stack, atMs, split, step, verdict }: ReleaseFacts): MetricDatum[] {
  const Timestamp = new Date(atMs);
  const ofStack = { Name: RELEASE_DIMENSIONS.stack, Value: stack };
  const shares = SLOTS.map((slot): MetricDatum => ({
    MetricName: RELEASE_METRICS.share,
    Dimensions: [ofStack, { Name: RELEASE_DIMENSIONS.slot, Value: slot }],
    Value: split?.[slot],
    Unit: "Percent",
    Timestamp,
  }));
  const one = (MetricName: string, Value: number): MetricDatum => ({
    MetricName,
    Dimensions: [ofStack],
    Value,
    Unit: "None",
    Timestamp,
  });
  return [
    // A share that is not known is no share.
    ...(split === undefined ? [] : shares),
    one(RELEASE_METRICS.step, step),
    ...(verdict === undefined ? [] : [one(RELEASE_METRICS.verdict, VERDICT_CODES[verdict])]),
  ];
}
