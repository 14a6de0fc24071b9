import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { alarmArn } from "../../../access/requires-alarms.ts";
import { on, onEach, texts, type Requires } from "../../../access/requires.ts";
import { ALARM_STATES, ALARM_TYPES, alarmNames, readTypes, TYPE_OF_KIND } from "../../../alarms/find.ts";
import { writeAlarm } from "../../../alarms/write.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { integer, list, oneOf, page, parseInput, text, validationError } from "../../../metrics/input.ts";

const Input = v.strictObject({
  AlarmNames: v.optional(alarmNames),
  AlarmNamePrefix: v.optional(text(1, 255)),
  AlarmTypes: v.optional(list(oneOf(ALARM_TYPES), 10)),
  StateValue: v.optional(oneOf(ALARM_STATES)),
  // CloudWatch API: at most 100 records a page, 50 when not asked for a number.
  MaxRecords: v.optional(integer(1, 100), 50),
  NextToken: v.optional(v.string()),
});

// With a permission on named alarms alone, CloudWatch leaves composites out of its answer. Here such a permission is not
// enough, so that nobody takes an answer without them for the whole.
const onNamed: Requires = (ground) => {
  const composite = texts(ground.input["AlarmTypes"]).includes("CompositeAlarm");
  return (composite ? on("*") : onEach("AlarmNames", alarmArn))(ground);
};

export default defineOperation({
  service: "cloudwatch",
  name: "DescribeAlarms",
  requires: onNamed,
  rate: transactionsPerSecond(9),
  run({ book }, raw) {
    const input = parseInput("DescribeAlarms", Input, raw);
    if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
      throw validationError("AlarmNames and AlarmNamePrefix cannot be specified together");
    }
    const types = readTypes(input.AlarmTypes);
    const matching = book
      .all()
      .filter(
        ({ kind, state, input: { AlarmName } }) =>
          types.includes(TYPE_OF_KIND[kind]) &&
          (input.AlarmNames ?? [AlarmName]).includes(AlarmName) &&
          AlarmName.startsWith(input.AlarmNamePrefix ?? "") &&
          (input.StateValue ?? state.value) === state.value,
      );
    const { items, next } = page(matching, input.MaxRecords, input.NextToken);
    return {
      MetricAlarms: items.filter((alarm) => alarm.kind === "metric").map(writeAlarm),
      CompositeAlarms: items.filter((alarm) => alarm.kind === "composite").map(writeAlarm),
      NextToken: next,
    };
  },
});
