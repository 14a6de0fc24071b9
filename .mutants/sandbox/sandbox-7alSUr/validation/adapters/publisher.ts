import type { CloudWatchClient, MetricDatum } from "@aws-sdk/client-cloudwatch";
import {
  RELEASE_DIMENSIONS,
  RELEASE_METRICS,
  RELEASE_NAMESPACE,
  VERDICT_CODES,
} from "../../contract/release/release-metrics.ts";
import { SLOTS } from "../../contract/slot.ts";
import { LABEL_METRICS } from "../../contract/signals/label-metrics.ts";
import type { LabelCount, Publisher, ReleaseFacts } from "../ports.ts";

// Nobody waits for a dashboard: what CloudWatch has not taken by then is not told.
const PATIENCE_MS = 3_000;
/** The same of labels, which no release waits for. */
const LABELS_PATIENCE_MS = 15_000;

// CloudWatch API, PutMetricData: at most 1,000 different metrics, and 1 MB; a datum of ours is below 1 kB.
const MOST_DATA = 200;

/** Custom metrics in CloudWatch, one call for all of a step. */
export function cloudWatchPublisher(client: () => Promise<CloudWatchClient>): Publisher {
  const send = async (MetricData: MetricDatum[], patienceMs: number) => {
    const { PutMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
    const command = new PutMetricDataCommand({ Namespace: RELEASE_NAMESPACE, MetricData });
    const sender = await client();
    await sender.send(command, { abortSignal: AbortSignal.timeout(patienceMs) });
  };
  return {
    publish: (facts) => send(dataOf(facts), PATIENCE_MS),
    async publishLabels(stack, counts) {
      const data = counts.flatMap((count) => labelData(stack, count));
      for (let at = 0; at < data.length; at += MOST_DATA)
        await send(data.slice(at, at + MOST_DATA), LABELS_PATIENCE_MS);
    },
  };
}

function labelData(stack: string, { slot, atMs, labels, wrong }: LabelCount): MetricDatum[] {
  const one = (MetricName: string, Value: number): MetricDatum => ({
    MetricName,
    Dimensions: [
      { Name: RELEASE_DIMENSIONS.stack, Value: stack },
      { Name: RELEASE_DIMENSIONS.slot, Value: slot },
    ],
    Value,
    Unit: "Count",
    Timestamp: new Date(atMs),
  });
  return [one(LABEL_METRICS.labels, labels), one(LABEL_METRICS.wrong, wrong)];
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
