import type { CloudWatchClient, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type { AlarmReading } from "../core/observation.ts";
import type { Alarms } from "../ports.ts";
import { whileThrottled, type Backoff } from "./backoff.ts";
import { judgedByChildren, type ToldAlarm } from "./composite-alarms.ts";

// CloudWatch API: DescribeAlarms takes 100 names, and answers with metric alarms only unless asked for more.
const NAMES_PER_CALL = 100;

export function cloudWatchAlarms(client: () => Promise<CloudWatchClient>, backoff?: Backoff): Alarms {
  return {
    async read(names) {
      const look = (asked: readonly string[]) => readAll(client, asked, backoff);
      return judgedByChildren(await look(names), look);
    },
  };
}

async function readAll(
  client: () => Promise<CloudWatchClient>,
  names: readonly string[],
  backoff: Backoff | undefined,
): Promise<readonly ToldAlarm[]> {
  const found: ToldAlarm[] = [];
  for (let from = 0; from < names.length; from += NAMES_PER_CALL) {
    found.push(...(await readBatch(client, names.slice(from, from + NAMES_PER_CALL), backoff)));
  }
  return found;
}

async function readBatch(
  client: () => Promise<CloudWatchClient>,
  names: readonly string[],
  backoff: Backoff | undefined,
): Promise<ToldAlarm[]> {
  const { DescribeAlarmsCommand } = await import("@aws-sdk/client-cloudwatch");
  const sender = await client();
  const found: ToldAlarm[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...names],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      NextToken: token,
    });
    const page = await whileThrottled(() => sender.send(command), backoff);
    found.push(...readingsOf(page));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

type Listed = NonNullable<DescribeAlarmsCommandOutput["MetricAlarms"]>[number];

function readingsOf(page: DescribeAlarmsCommandOutput): ToldAlarm[] {
  const composites = (page.CompositeAlarms ?? []).map((alarm) => ({
    ...reading(alarm, undefined),
    rule: alarm.AlarmRule ?? "",
  }));
  const metrics = (page.MetricAlarms ?? []).map((alarm) => ({
    ...reading(alarm, alarm.EvaluationState),
    firesAfterMs: firesAfterMs(alarm),
  }));
  return [...metrics, ...composites];
}

type Common = Pick<
  Listed,
  | "AlarmName"
  | "StateValue"
  | "StateTransitionedTimestamp"
  | "AlarmConfigurationUpdatedTimestamp"
  | "StateReason"
>;

function reading(alarm: Common, evaluationState: string | undefined): AlarmReading {
  return {
    name: alarm.AlarmName ?? "",
    state: alarm.StateValue ?? "unknown",
    evaluationState,
    transitionedMs: alarm.StateTransitionedTimestamp?.getTime(),
    configuredMs: alarm.AlarmConfigurationUpdatedTimestamp?.getTime(),
    reason: alarm.StateReason ?? "",
  };
}

/** CloudWatch API: an alarm on an expression has its period in the queries, and without DatapointsToAlarm M is N. */
function firesAfterMs({ Period, Metrics, DatapointsToAlarm, EvaluationPeriods }: Listed): number | undefined {
  const periods = [Period, ...(Metrics ?? []).map((query) => query.Period ?? query.MetricStat?.Period)];
  const seconds = Math.max(...periods.map((period) => period ?? 0));
  const points = DatapointsToAlarm ?? EvaluationPeriods;
  return seconds === 0 || points === undefined ? undefined : (points + 1) * seconds * 1000;
}
