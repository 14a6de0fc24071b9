import { ifThere, first, type Call } from "../calls.ts";
import { api, record, resource, type RecordShape } from "../record-shape.ts";
import { tagStep, type ResourceType } from "../resource-type.ts";
import { flag, list, number, pairs, set, text } from "../shape.ts";
import type { Properties } from "../../../pulumi-engine/values/provider.ts";

const dimensions = pairs("Name", "Value");
const tags = pairs("Key", "Value");

const ALARM_FIELDS = {
  actionsEnabled: api("ActionsEnabled", flag(), true),
  alarmActions: api("AlarmActions", set(text()), []),
  alarmDescription: api("AlarmDescription", text()),
  insufficientDataActions: api("InsufficientDataActions", set(text()), []),
  okActions: api("OKActions", set(text()), []),
  tags: api("Tags", tags, {}),
} as const;

const metricQuery = record({
  id: api("Id", text()),
  accountId: api("AccountId", text()),
  expression: api("Expression", text()),
  label: api("Label", text()),
  period: api("Period", number()),
  // The AWS provider's default; the API's own is true.
  returnData: api("ReturnData", flag(), false),
  metric: api(
    "MetricStat",
    record({
      dimensions: api("Metric.Dimensions", dimensions, {}),
      metricName: api("Metric.MetricName", text()),
      namespace: api("Metric.Namespace", text()),
      period: api("Period", number()),
      stat: api("Stat", text()),
      unit: api("Unit", text()),
    }),
  ),
});

const metricInputs = resource({
  ...ALARM_FIELDS,
  name: api("AlarmName", text()),
  comparisonOperator: api("ComparisonOperator", text()),
  datapointsToAlarm: api("DatapointsToAlarm", number()),
  dimensions: api("Dimensions", dimensions),
  evaluateLowSampleCountPercentiles: api("EvaluateLowSampleCountPercentile", text()),
  evaluationPeriods: api("EvaluationPeriods", number()),
  extendedStatistic: api("ExtendedStatistic", text()),
  metricName: api("MetricName", text()),
  metricQueries: api("Metrics", list(metricQuery)),
  namespace: api("Namespace", text()),
  period: api("Period", number()),
  statistic: api("Statistic", text()),
  threshold: api("Threshold", number()),
  thresholdMetricId: api("ThresholdMetricId", text()),
  treatMissingData: api("TreatMissingData", text(), "missing"),
  unit: api("Unit", text()),
  warmUpConfiguration: api(
    "WarmUpConfiguration",
    record({
      onlyStartEvaluatingAfterWarmUpPeriodEnds: api("OnlyStartEvaluatingAfterWarmUpPeriodEnds", flag()),
      warmUpPeriodDurationInMinutes: api("WarmUpPeriodDurationInMinutes", number()),
    }),
  ),
});

const compositeInputs = resource({
  ...ALARM_FIELDS,
  alarmName: api("AlarmName", text()),
  alarmRule: api("AlarmRule", text()),
});

export function metricAlarmType(call: Call): ResourceType {
  return {
    ...alarmType(call, metricInputs, "name", "MetricAlarm"),
    named: { property: "name", maxLength: 255 },
  };
}

export function compositeAlarmType(call: Call): ResourceType {
  return alarmType(call, compositeInputs, "alarmName", "CompositeAlarm");
}

function alarmType(
  call: Call,
  inputs: RecordShape,
  nameProperty: string,
  kind: "MetricAlarm" | "CompositeAlarm",
): ResourceType {
  const find = async (name: string) =>
    first(await call("DescribeAlarms", { AlarmNames: [name], AlarmTypes: [kind] }), `${kind}s`);
  // CloudWatch API: putting an alarm replaces its whole definition; tags are taken at the first time, and then ignored.
  const put = (properties: Properties) => call(`Put${kind}`, inputs.toApi(properties));
  return {
    inputs,
    replacedBy: [nameProperty, "region"],
    identity: [nameProperty],
    async create(wanted) {
      await put(wanted);
      const id = String(wanted[nameProperty]);
      const found = await find(id);
      return { id, arn: String(found?.["AlarmArn"]) };
    },
    steps: [
      {
        properties: Object.keys(inputs.fields).filter((name) => name !== "tags" && name !== "region"),
        async apply({ news }) {
          await put(news);
        },
      },
      tagStep(
        ({ arn }, added) => call("TagResource", { ResourceARN: arn, Tags: tags.toApi(added) }),
        ({ arn }, TagKeys) => call("UntagResource", { ResourceARN: arn, TagKeys }),
      ),
    ],
    async describe({ id }) {
      const found = await find(id);
      if (found === undefined) return undefined;
      const { Tags } = await call("ListTagsForResource", { ResourceARN: found["AlarmArn"] });
      return {
        ...inputs.fromApi({ ...found, Tags }),
        tags: tags.fromApi(Tags),
        tagsAll: tags.fromApi(Tags),
        arn: found["AlarmArn"],
      };
    },
    async delete({ id }) {
      await ifThere(call("DeleteAlarms", { AlarmNames: [id] }));
    },
  };
}
