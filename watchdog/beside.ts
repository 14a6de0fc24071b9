import type { CloudWatchClient, MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Beside, Count } from "./excuse.ts";

const MINUTE_MS = 60_000;
/** The periods that an alarm looks at, and one that may have just begun. */
const RECENT_MINUTES = 6;
const USUAL_MINUTES = 180;

/** How the queries of an alarm on a rate (contract/alarm-catalog.ts, by their ids) count requests and events. */
const COUNTED: Readonly<Record<string, (of: (id: string) => number) => Count>> = {
  "error-rate": (of) => ({
    exposure: of("requests"),
    events: of("requests") - of("ok") - of("redirects") - of("refusals"),
  }),
  "slow-rate": (of) => ({ exposure: of("answers"), events: of("slow") }),
};

/** Reads the same alarm of both slots, and what they measured. The alarms' own definitions say what to ask for. */
export async function readBeside(
  cloudWatch: CloudWatchClient,
  key: string,
  names: { readonly candidate: string; readonly active: string },
  nowMs: number,
): Promise<Beside> {
  const { DescribeAlarmsCommand } = await import("@aws-sdk/client-cloudwatch");
  const command = new DescribeAlarmsCommand({
    AlarmNames: [names.candidate, names.active],
    AlarmTypes: ["MetricAlarm"],
  });
  const { MetricAlarms = [] } = await cloudWatch.send(command);
  const [candidate, active] = [names.candidate, names.active].map((name) =>
    MetricAlarms.find(({ AlarmName }) => AlarmName === name),
  );
  const count = Object.hasOwn(COUNTED, key) ? COUNTED[key] : undefined;
  const counts =
    candidate === undefined || active === undefined || count === undefined
      ? undefined
      : await readCounts(cloudWatch, { candidate, active }, count, nowMs);
  return { activeInAlarm: active?.StateValue === "ALARM", counts };
}

async function readCounts(
  cloudWatch: CloudWatchClient,
  alarms: { readonly candidate: MetricAlarm; readonly active: MetricAlarm },
  count: (of: (id: string) => number) => Count,
  nowMs: number,
): Promise<NonNullable<Beside["counts"]>> {
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const queries = [...queriesOf("candidate", alarms.candidate), ...queriesOf("active", alarms.active)];
  const command = new GetMetricDataCommand({
    MetricDataQueries: queries,
    StartTime: new Date(nowMs - USUAL_MINUTES * MINUTE_MS),
    EndTime: new Date(nowMs),
  });
  const { MetricDataResults = [] } = await cloudWatch.send(command);
  const recentMs = nowMs - RECENT_MINUTES * MINUTE_MS;
  const sum = (arm: string, isRecent: boolean) => (id: string) => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === `${arm}_${id}`) ?? {};
    return Values.filter((_, index) => {
      const atMs = Timestamps[index]?.getTime() ?? 0;
      return atMs >= recentMs === isRecent;
    }).reduce((total, value) => total + value, 0);
  };
  return {
    candidate: count(sum("candidate", true)),
    active: count(sum("active", true)),
    usual: count(sum("active", false)),
  };
}

function queriesOf(arm: string, { Metrics = [] }: MetricAlarm): MetricDataQuery[] {
  return Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [{ Id: `${arm}_${Id}`, MetricStat, ReturnData: true }],
  );
}
