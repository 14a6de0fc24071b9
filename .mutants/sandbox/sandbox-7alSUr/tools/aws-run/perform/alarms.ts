import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmsSeen } from "../observations.ts";
import { runName } from "../things.ts";
import { tagsOf, type Context } from "./context.ts";
import { attempt } from "./attempt.ts";

const MINUTE = 60_000;
const WARM_UP_MINUTES = 3;
const WATCHED_MS = 7 * MINUTE;
const BETWEEN_MS = 20_000;
// Of the product's own rules: contract/alarms/alarm-catalog.ts.
const RULE = { EvaluationPeriods: 8, DatapointsToAlarm: 3 };

/** Alarms on points that are late or missing; the points are of the past, so that nothing has to be late. */
export async function alarms(context: Context): Promise<AlarmsSeen> {
  const { clients, clock, run } = context;
  const { cloudWatch } = clients;
  const name = runName(run);
  const namespace = { Namespace: name };
  const thisMinute = Math.floor(clock.now() / MINUTE) * MINUTE;
  const put = (MetricName: string, ages: readonly number[], Value: number) =>
    cloudWatch.send(
      new PutMetricDataCommand({
        ...namespace,
        MetricData: ages.map((age) => ({
          MetricName,
          Value,
          Timestamp: new Date(thisMinute - age * MINUTE),
        })),
      }),
    );
  // The alarms are made at the beginning of the next minute but one, when these are seven to nine minutes back.
  await put("three", [5, 6, 7], 1);
  await put("two", [5, 6], 1);
  await put("two", [0, 1, 2, 3, 4], 0);
  await put("values", [1, 2, 3], 5);
  await put("condition", [2], 5);
  await clock.sleep(thisMinute + 2 * MINUTE + 2000 - clock.now());
  const madeMs = clock.now();
  const alarm = (suffix: string, more: Partial<PutMetricAlarmCommandInput>) =>
    cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: `${name}-${suffix}`,
        Metrics: [
          {
            Id: "m",
            ReturnData: true,
            MetricStat: { Metric: { ...namespace, MetricName: suffix }, Period: 60, Stat: "Maximum" },
          },
        ],
        ...RULE,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "missing",
        Tags: tagsOf(run),
        ...more,
      }),
    );
  await alarm("three", {});
  await alarm("two", {});
  await alarm("warm-up", {
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    TreatMissingData: "breaching",
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: WARM_UP_MINUTES },
  });
  const states = async (names: readonly string[]) => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    );
    return [...MetricAlarms, ...CompositeAlarms];
  };
  const [lookBack, lookBackTwo, warmUp]: [string[], string[], { seconds: number; state: string }[]] = [
    [],
    [],
    [],
  ];
  while (clock.now() < madeMs + WATCHED_MS) {
    const found = await states(["three", "two", "warm-up"].map((suffix) => `${name}-${suffix}`));
    const stateOf = (suffix: string) =>
      found.find(({ AlarmName }) => AlarmName === `${name}-${suffix}`)?.StateValue ?? "none";
    lookBack.push(stateOf("three"));
    lookBackTwo.push(stateOf("two"));
    warmUp.push({ seconds: Math.round((clock.now() - madeMs) / 1000), state: stateOf("warm-up") });
    await clock.sleep(BETWEEN_MS);
  }
  const unknown: string[] = [];
  const asked = await attempt(async () => {
    unknown.push(...(await states([`${name}-no-such`])).map(({ AlarmName = "" }) => AlarmName));
    return "";
  });
  return {
    unknown: asked.accepted ? unknown : undefined,
    lookBack,
    lookBackTwo,
    warmUp,
    warmUpSeconds: WARM_UP_MINUTES * 60,
    ...(await points(context, thisMinute)),
  };
}

/** How many points CloudWatch's mathematics gives where some are missing. */
async function points(
  { clients: { cloudWatch }, run }: Context,
  thisMinute: number,
): Promise<Pick<AlarmsSeen, "ifPoints" | "fillPoints">> {
  const stat = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: runName(run), MetricName }, Period: 60, Stat: "Maximum" },
  });
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(thisMinute - 5 * MINUTE),
      EndTime: new Date(thisMinute),
      MetricDataQueries: [
        stat("c", "condition"),
        stat("x", "values"),
        stat("e", "never"),
        { Id: "dropped", Expression: "IF(c >= 0, x)" },
        { Id: "filled", Expression: "FILL(e, 0)" },
      ],
    }),
  );
  const count = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values?.length;
  return { ifPoints: count("dropped"), fillPoints: count("filled") };
}
