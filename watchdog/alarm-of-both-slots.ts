import type { MetricAlarm, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { ALARM_CATALOG, alarmRangeMs, type AlarmSpec } from "../contract/alarms/alarm-catalog.ts";
import type { AlarmComparison } from "./alarm-explained.ts";
import type { CloudWatchFor } from "./breaching-minutes.ts";
import { hitsBoth, isComparisonOperator, type AlarmPoint } from "../contract/alarms/hits-both.ts";
import { sameMinutes, sum } from "../contract/alarms/same-minutes.ts";

const MINUTE_MS = 60_000;
const specs: Readonly<Record<string, AlarmSpec>> = ALARM_CATALOG;
/** The periods that an alarm looks at, and one that may have just begun. */
const RECENT_MINUTES = ALARM_CATALOG["error-rate"].evaluationPeriods + 1;
const USUAL_MINUTES = 180;
/**
 * By so much a slot's newest minute may be behind the other one's: each is published on its own, one to three minutes
 * after its end. A slot that is further behind had no requests.
 */
const BEHIND_MS = 2 * MINUTE_MS;

/** Reads the same alarm of both slots, and what they measured. The alarms' own definitions say what to ask for. */
export async function readCompared(
  asked: CloudWatchFor,
  key: string,
  names: { readonly candidate: string; readonly active: string },
  nowMs: number,
): Promise<AlarmComparison> {
  const { DescribeAlarmsCommand } = await import("@aws-sdk/client-cloudwatch");
  const command = new DescribeAlarmsCommand({
    AlarmNames: [names.candidate, names.active],
    AlarmTypes: ["MetricAlarm"],
  });
  const { cloudWatch, abortSignal } = asked;
  const { MetricAlarms = [] } = await cloudWatch.send(command, { abortSignal });
  const [candidate, active] = [names.candidate, names.active].map((name) =>
    MetricAlarms.find(({ AlarmName }) => AlarmName === name),
  );
  const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
  if (candidate === undefined || active === undefined || spec === undefined) {
    return { hitsBoth: false, counts: undefined };
  }
  const alarms = { candidate, active };
  return spec.rate === undefined
    ? { hitsBoth: await readHitsBoth(asked, alarms, spec, nowMs), counts: undefined }
    : { hitsBoth: false, counts: await readCounts(asked, alarms, spec.rate.counted, nowMs) };
}

interface BothAlarms {
  readonly candidate: MetricAlarm;
  readonly active: MetricAlarm;
}

/** By the minutes that the alarm may look back. */
async function readHitsBoth(
  asked: CloudWatchFor,
  alarms: BothAlarms,
  spec: AlarmSpec,
  nowMs: number,
): Promise<boolean> {
  const { ComparisonOperator: comparison = "", Threshold: threshold, DatapointsToAlarm } = alarms.candidate;
  if (threshold === undefined || !isComparisonOperator(comparison)) return false;
  const results = await readQueries(asked, alarms, nowMs - alarmRangeMs(spec), nowMs);
  const points = (arm: string): AlarmPoint[] =>
    results
      .filter(({ Id }) => Id?.startsWith(`${arm}_`))
      .flatMap(({ Timestamps = [], Values = [] }) =>
        Timestamps.flatMap((time, index) => {
          const value = Values[index];
          return value === undefined ? [] : [{ atMs: time.getTime(), value }];
        }),
      );
  const limit = { comparison, threshold, datapointsToAlarm: DatapointsToAlarm ?? spec.datapointsToAlarm };
  return hitsBoth(limit, points("candidate"), points("active"));
}

async function readQueries(
  { cloudWatch, abortSignal }: CloudWatchFor,
  alarms: BothAlarms,
  fromMs: number,
  toMs: number,
): Promise<readonly MetricDataResult[]> {
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const command = new GetMetricDataCommand({
    MetricDataQueries: [...queriesOf("candidate", alarms.candidate), ...queriesOf("active", alarms.active)],
    StartTime: new Date(fromMs),
    EndTime: new Date(toMs),
  });
  return (await cloudWatch.send(command, { abortSignal })).MetricDataResults ?? [];
}

async function readCounts(
  asked: CloudWatchFor,
  alarms: BothAlarms,
  count: NonNullable<AlarmSpec["rate"]>["counted"],
  nowMs: number,
): Promise<NonNullable<AlarmComparison["counts"]>> {
  const results = await readQueries(asked, alarms, nowMs - USUAL_MINUTES * MINUTE_MS, nowMs);
  const valueAt = (arm: string, id: string, atMs: number) => {
    const { Timestamps = [], Values = [] } = results.find(({ Id }) => Id === `${arm}_${id}`) ?? {};
    return Values[Timestamps.findIndex((time) => time.getTime() === atMs)] ?? 0;
  };
  const times = results.flatMap(({ Timestamps = [] }) => Timestamps.map((time) => time.getTime()));
  // CloudWatch may be minutes late, and the alarm has looked at the newest that it had.
  const recentMs = Math.max(...times) - (RECENT_MINUTES - 1) * MINUTE_MS;
  const minutes = [...new Set(times)].map((atMs) => ({
    atMs,
    isRecent: atMs >= recentMs,
    candidate: count((id) => valueAt("candidate", id, atMs)),
    active: count((id) => valueAt("active", id, atMs)),
  }));
  const newestMs = (arm: "candidate" | "active") =>
    Math.max(...minutes.filter((minute) => minute[arm].exposure > 0).map(({ atMs }) => atMs));
  // An incident's newest minute would speak against the candidate alone while the active slot's is still to come.
  const toMs = newestMs("candidate") - newestMs("active") <= BEHIND_MS ? newestMs("active") : Infinity;
  const recent = minutes.filter(({ isRecent, atMs }) => isRecent && atMs <= toMs);
  return {
    candidate: sum(recent.map(({ candidate }) => candidate)),
    active: sameMinutes(recent),
    usual: sum(minutes.filter(({ isRecent }) => !isRecent).map(({ active }) => active)),
  };
}

function queriesOf(arm: string, { Metrics = [] }: MetricAlarm): MetricDataQuery[] {
  return Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [{ Id: `${arm}_${Id}`, MetricStat, ReturnData: true }],
  );
}
