import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { settleComposites } from "../../../alarms/composite.ts";
import { ALARM_STATES, byName } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import { oneOf, parseInput, text } from "../../../metrics/input.ts";

const Input = v.strictObject({
  AlarmName: text(1, 255),
  StateValue: oneOf(ALARM_STATES),
  StateReason: text(0, 1023),
  StateReasonData: v.optional(text(0, 4000)),
});

export default defineOperation({
  service: "cloudwatch",
  name: "SetAlarmState",
  rate: transactionsPerSecond(3),
  run({ book }, raw) {
    const input = parseInput("SetAlarmState", Input, raw);
    const alarm = byName(book, input.AlarmName);
    checkJson(input.StateReasonData);
    const next = { value: input.StateValue, reason: input.StateReason, reasonData: input.StateReasonData };
    book.setState(alarm, next, true);
    if (alarm.state.value !== input.StateValue) settleComposites(book, new Set([input.AlarmName]));
    return {};
  },
});

function checkJson(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    // The parser's own words say nothing that the caller needs.
    throw new AwsError("InvalidFormatFault", "StateReasonData is not valid JSON");
  }
}
