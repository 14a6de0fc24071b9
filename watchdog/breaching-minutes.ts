import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { breaches, isComparisonOperator } from "../contract/alarms/hits-both.ts";

const MINUTE_MS = 60_000;

/** CloudWatch, for as long as there is time. */
export interface CloudWatchFor {
  readonly cloudWatch: CloudWatchClient;
  readonly abortSignal: AbortSignal;
}

/**
 * How many whole minutes since a moment breach an alarm's threshold, as far as CloudWatch has them by now. The alarm's
 * own definition says what to measure. An alarm does not say about which minutes it is, and when CloudWatch is late it
 * may go into ALARM after the moment about minutes before it.
 * @throws when the alarm is not one that can be asked like this.
 */
export async function breachingSince(
  { cloudWatch, abortSignal }: CloudWatchFor,
  alarmName: string,
  sinceMs: number,
  nowMs: number,
): Promise<number> {
  const { DescribeAlarmsCommand, GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const described = new DescribeAlarmsCommand({ AlarmNames: [alarmName], AlarmTypes: ["MetricAlarm"] });
  const [alarm] = (await cloudWatch.send(described, { abortSignal })).MetricAlarms ?? [];
  const { Metrics, Threshold, ComparisonOperator = "" } = alarm ?? {};
  if (Metrics === undefined || Threshold === undefined || !isComparisonOperator(ComparisonOperator)) {
    throw new Error(`${alarmName} is no alarm of the catalogue's kind`);
  }
  const limit = { comparison: ComparisonOperator, threshold: Threshold };
  const fromMs = Math.ceil(sinceMs / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  if (toMs <= fromMs) return 0;
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: Metrics,
      StartTime: new Date(fromMs),
      EndTime: new Date(toMs),
    }),
    { abortSignal },
  );
  const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
  return values.filter((value) => breaches(limit, value)).length;
}
