import type { Rule } from "./rule.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const alarmRules: readonly Rule[] = [
  {
    name: "missing-data-decided",
    description:
      "Every alarm says what missing data means: an idle slot has no metrics, and silence must not become good news by default.",
    each: ({ type, props }) =>
      type === ALARM && props["treatMissingData"] === undefined
        ? ["does not say what missing data means"]
        : [],
  },
];
