import { block, blocks, mapped, tagList, type Resource, type ResourceCall, type Table } from "./table.ts";

// By the expand functions of terraform-provider-aws, internal/service/cloudwatch, internal/service/events and
// internal/service/logs.
const QUERY: Table = {
  id: "Id",
  expression: "Expression",
  label: "Label",
  returnData: "ReturnData",
  metric: block(
    {
      namespace: "Metric.Namespace",
      metricName: "Metric.MetricName",
      dimensions: (value) => ({
        Metric: { Dimensions: Object.entries(Object(value)).map(([Name, Value]) => ({ Name, Value })) },
      }),
      stat: "Stat",
      period: "Period",
    },
    "MetricStat",
  ),
};

const ALARM: Table = {
  name: "AlarmName",
  alarmDescription: "AlarmDescription",
  comparisonOperator: "ComparisonOperator",
  threshold: "Threshold",
  datapointsToAlarm: "DatapointsToAlarm",
  evaluationPeriods: "EvaluationPeriods",
  treatMissingData: "TreatMissingData",
  warmUpConfiguration: block(
    {
      warmUpPeriodDurationInMinutes: "WarmUpPeriodDurationInMinutes",
      onlyStartEvaluatingAfterWarmUpPeriodEnds: "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
    },
    "WarmUpConfiguration",
  ),
  metricQueries: blocks(QUERY, "Metrics"),
  tags: tagList(),
};

const COMPOSITE: Table = {
  alarmName: "AlarmName",
  alarmDescription: "AlarmDescription",
  alarmRule: "AlarmRule",
  alarmActions: "AlarmActions",
  tags: tagList(),
};

const one =
  (service: ResourceCall["service"], operation: string, table: Table) =>
  ({ inputs }: Resource): readonly ResourceCall[] => [{ service, operation, input: mapped(inputs, table) }];

export const metricAlarm = one("cloudwatch", "PutMetricAlarm", ALARM);
export const compositeAlarm = one("cloudwatch", "PutCompositeAlarm", COMPOSITE);
export const dashboard = one("cloudwatch", "PutDashboard", {
  dashboardName: "DashboardName",
  dashboardBody: "DashboardBody",
});
export const eventRule = one("events", "PutRule", {
  name: "Name",
  description: "Description",
  scheduleExpression: "ScheduleExpression",
  tags: tagList(),
});
export const eventTarget = ({ inputs }: Resource): readonly ResourceCall[] => {
  const { Rule, ...target } = mapped(inputs, { rule: "Rule", targetId: "Id", arn: "Arn" });
  return [{ service: "events", operation: "PutTargets", input: { Rule, Targets: [target] } }];
};

export function logGroup({ inputs }: Resource): readonly ResourceCall[] {
  const { retentionInDays, ...created } = mapped(inputs, {
    name: "logGroupName",
    logGroupClass: "logGroupClass",
    retentionInDays: "retentionInDays",
    tags: "tags",
  });
  const { logGroupName } = created;
  return [
    { service: "logs", operation: "CreateLogGroup", input: created },
    { service: "logs", operation: "PutRetentionPolicy", input: { logGroupName, retentionInDays } },
  ];
}
