import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { ALARM_CATALOG, type AlarmSpec } from "../contract/alarms/alarm-catalog.ts";
import type { AlarmComparison } from "./alarm-explained.ts";
import type { CloudWatchFor } from "./breaching-minutes.ts";
import { hasSameCause } from "../contract/alarms/same-cause.ts";
import { sameMinutes, sum } from "../contract/alarms/same-minutes.ts";

const MINUTE_MS = 60_000;
const specs: Readonly<Record<string, AlarmSpec>> = ALARM_CATALOG;
/** The periods that an alarm looks at, and one that may have just begun. */
const RECENT_MINUTES = ALARM_CATALOG["error-rate"].evaluationPeriods + 1;
const USUAL_MINUTES = 180;

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
  const count = spec?.rate?.counted;
  const counts =
    candidate === undefined || active === undefined || count === undefined
      ? undefined
      : await readCounts(asked, { candidate, active }, count, nowMs);
  const since = {
    state: active?.StateValue,
    sinceMs: active?.StateTransitionedTimestamp?.getTime(),
  };
  return { activeInAlarm: spec !== undefined && hasSameCause(since, spec, nowMs), counts };
}

async function readCounts(
  { cloudWatch, abortSignal }: CloudWatchFor,
  alarms: { readonly candidate: MetricAlarm; readonly active: MetricAlarm },
  count: NonNullable<AlarmSpec["rate"]>["counted"],
  nowMs: number,
): Promise<NonNullable<AlarmComparison["counts"]>> {
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const queries = [...queriesOf("candidate", alarms.candidate), ...queriesOf("active", alarms.active)];
  const command = new GetMetricDataCommand({
    MetricDataQueries: queries,
    StartTime: new Date(nowMs - USUAL_MINUTES * MINUTE_MS),
    EndTime: new Date(nowMs),
  });
  const { MetricDataResults = [] } = await cloudWatch.send(command, { abortSignal });
  const valueAt = (arm: string, id: string, atMs: number) => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === `${arm}_${id}`) ?? {};
    return Values[Timestamps.findIndex((time) => time.getTime() === atMs)] ?? 0;
  };
  const times = MetricDataResults.flatMap(({ Timestamps = [] }) => Timestamps.map((time) => time.getTime()));
  // CloudWatch may be minutes late, and the alarm has looked at the newest that it had.
  const recentMs = Math.max(...times) - (RECENT_MINUTES - 1) * MINUTE_MS;
  const minutes = [...new Set(times)].map((atMs) => ({
    isRecent: atMs >= recentMs,
    candidate: count((id) => valueAt("candidate", id, atMs)),
    active: count((id) => valueAt("active", id, atMs)),
  }));
  const recent = minutes.filter(({ isRecent }) => isRecent);
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
