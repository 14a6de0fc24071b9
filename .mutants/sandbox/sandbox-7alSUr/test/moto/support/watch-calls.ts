import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import type { Side, SharedCall } from "./two-clouds.ts";

const alarm =
  (AlarmName: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
  (side: Side) =>
    side.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmDescription: "too many",
        Namespace: "MlBlueGreen",
        MetricName: "Step",
        Dimensions: [{ Name: "Stack", Value: "prod" }],
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "missing",
        Tags: [{ Key: "deploy:stack", Value: "prod" }],
        ...more,
      }),
    );
const plain = { Statistic: undefined, Period: undefined, MetricName: undefined, Namespace: undefined };
const MATH = [
  {
    Id: "m1",
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: "MlBlueGreen",
        MetricName: "Step",
        Dimensions: [{ Name: "Stack", Value: "prod" }],
      },
      Period: 60,
      Stat: "Sum",
    },
  },
  { Id: "e1", Expression: "m1 * 2", ReturnData: true },
];
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const datum = {
  MetricName: "Step",
  Dimensions: [{ Name: "Stack", Value: "prod" }],
  Value: 2,
  Unit: "None" as const,
};

/** CloudWatch, with what is refused on the way. */
export const WATCH_CALLS: readonly SharedCall[] = [
  {
    name: "PutMetricData",
    call: (side) =>
      side.cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: "MlBlueGreen",
          MetricData: [{ ...datum, Timestamp: minutesAgo(2) }],
        }),
      ),
  },
  {
    name: "PutMetricData, values and counts",
    call: (side) =>
      side.cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: "MlBlueGreen",
          MetricData: [
            { ...datum, Value: undefined, Values: [1, 2], Counts: [3, 4], Timestamp: minutesAgo(1) },
          ],
        }),
      ),
  },
  {
    name: "PutMetricData, AWS's namespace",
    call: (side) =>
      side.cloudWatch.send(new PutMetricDataCommand({ Namespace: "AWS/ECS", MetricData: [datum] })),
  },
  {
    name: "PutMetricData, not a number",
    call: (side) =>
      side.cloudWatch.send(
        new PutMetricDataCommand({ Namespace: "MlBlueGreen", MetricData: [{ ...datum, Value: Number.NaN }] }),
      ),
  },
  {
    name: "ListMetrics",
    call: (side) => side.cloudWatch.send(new ListMetricsCommand({ Namespace: "MlBlueGreen" })),
  },
  {
    name: "GetMetricData",
    call: (side) =>
      side.cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ ...MATH[0], Id: "m1", ReturnData: true }],
          StartTime: minutesAgo(10),
          EndTime: minutesAgo(0),
        }),
      ),
  },
  {
    name: "GetMetricData, no metric",
    call: (side) =>
      side.cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [
            {
              Id: "none",
              MetricStat: { Metric: { Namespace: "Nobody", MetricName: "None" }, Period: 60, Stat: "Sum" },
            },
          ],
          StartTime: minutesAgo(10),
          EndTime: minutesAgo(0),
        }),
      ),
  },
  {
    name: "GetMetricData, end before start",
    call: (side) =>
      side.cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ ...MATH[0], Id: "m1", ReturnData: true }],
          StartTime: minutesAgo(0),
          EndTime: minutesAgo(10),
        }),
      ),
  },
  {
    name: "GetMetricData, one Id twice",
    call: (side) =>
      side.cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [
            { ...MATH[0], Id: "m1", ReturnData: true },
            { ...MATH[0], Id: "m1", ReturnData: true },
          ],
          StartTime: minutesAgo(10),
          EndTime: minutesAgo(0),
        }),
      ),
  },
  {
    name: "GetMetricStatistics",
    call: (side) =>
      side.cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "MlBlueGreen",
          MetricName: "Step",
          Dimensions: [{ Name: "Stack", Value: "prod" }],
          StartTime: minutesAgo(10),
          EndTime: minutesAgo(0),
          Period: 60,
          Statistics: ["Sum", "SampleCount", "Average", "Minimum", "Maximum"],
        }),
      ),
  },
  { name: "PutMetricAlarm", call: alarm("steps") },
  {
    name: "PutMetricAlarm, on an expression",
    call: alarm("math", { ...plain, Dimensions: undefined, Metrics: MATH }),
  },
  { name: "PutMetricAlarm, metric and expression", call: alarm("both", { Metrics: MATH }) },
  { name: "PutMetricAlarm, M over N", call: alarm("over", { DatapointsToAlarm: 6 }) },
  { name: "PutMetricAlarm, period of 7", call: alarm("seven", { Period: 7 }) },
  { name: "PutMetricAlarm, no period", call: alarm("none", { Period: undefined }) },
  { name: "PutMetricAlarm, unknown treatment", call: alarm("odd", { TreatMissingData: "nope" }) },
  { name: "PutMetricAlarm, two statistics", call: alarm("two", { ExtendedStatistic: "p99" }) },
  {
    name: "DescribeAlarms",
    call: (side) => side.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["steps", "nobody"] })),
  },
  {
    name: "DescribeAlarms, on an expression",
    call: (side) => side.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["math"] })),
  },
  {
    name: "DescribeAlarms, unknown names alone",
    call: (side) => side.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["nobody"] })),
  },
  {
    name: "DescribeAlarms, names and prefix",
    call: (side) =>
      side.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["steps"], AlarmNamePrefix: "st" })),
  },
  {
    name: "DescribeAlarms, prefix and another state",
    call: (side) =>
      side.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: "st", StateValue: "ALARM" })),
  },
  {
    name: "SetAlarmState",
    call: (side) =>
      side.cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName: "steps", StateValue: "ALARM", StateReason: "tried" }),
      ),
  },
  {
    name: "SetAlarmState, unknown alarm",
    call: (side) =>
      side.cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName: "nobody", StateValue: "ALARM", StateReason: "tried" }),
      ),
  },
  {
    name: "DescribeAlarms, in ALARM",
    call: (side) => side.cloudWatch.send(new DescribeAlarmsCommand({ StateValue: "ALARM" })),
  },
  {
    name: "DisableAlarmActions",
    call: (side) => side.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["steps"] })),
  },
  {
    name: "EnableAlarmActions",
    call: (side) => side.cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames: ["steps"] })),
  },
  {
    name: "ListTagsForResource",
    call: async (side) => {
      const { MetricAlarms = [] } = await side.cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: ["steps"] }),
      );
      return side.cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN: MetricAlarms[0]?.AlarmArn }));
    },
  },
  {
    name: "PutDashboard",
    call: (side) =>
      side.cloudWatch.send(
        new PutDashboardCommand({ DashboardName: "models", DashboardBody: '{"widgets":[]}' }),
      ),
  },
  {
    name: "GetDashboard",
    call: (side) => side.cloudWatch.send(new GetDashboardCommand({ DashboardName: "models" })),
  },
  {
    name: "GetDashboard, unknown",
    call: (side) => side.cloudWatch.send(new GetDashboardCommand({ DashboardName: "nobody" })),
  },
  { name: "ListDashboards", call: (side) => side.cloudWatch.send(new ListDashboardsCommand({})) },
  {
    name: "PutDashboard, no JSON",
    call: (side) =>
      side.cloudWatch.send(new PutDashboardCommand({ DashboardName: "broken", DashboardBody: "{" })),
  },
  {
    name: "DeleteDashboards",
    call: (side) => side.cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: ["models"] })),
  },
  {
    name: "DeleteDashboards, gone",
    call: (side) => side.cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: ["models"] })),
  },
  {
    name: "DeleteAlarms",
    call: (side) => side.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["steps"] })),
  },
  {
    name: "DeleteAlarms, gone",
    call: (side) => side.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["steps"] })),
  },
];
