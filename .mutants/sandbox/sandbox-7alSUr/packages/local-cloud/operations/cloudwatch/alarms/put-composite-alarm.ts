import { transactionsPerSecond } from "../../../access/rate.ts";
import { alarmArn } from "../../../access/requires-alarms.ts";
import { creating, named } from "../../../access/requires.ts";
import { readCompositeAlarm } from "../../../alarms/definition.ts";
import { alarmsOf, parseRule } from "../../../alarms/rule.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { validationError } from "../../../metrics/input.ts";

export default defineOperation({
  service: "cloudwatch",
  name: "PutCompositeAlarm",
  requires: creating("cloudwatch:TagResource", () => "*", named("AlarmName", alarmArn)),
  rate: transactionsPerSecond(3),
  run({ book }, raw) {
    const input = readCompositeAlarm(raw);
    if (book.find(input.AlarmName)?.kind === "metric") {
      throw validationError(`A metric alarm with the name ${input.AlarmName} exists`);
    }
    const self = [input.AlarmName, book.arnOf(input.AlarmName)];
    const unknown = alarmsOf(parseRule(input.AlarmRule)).filter(
      (name) => !self.includes(name) && !book.find(name),
    );
    if (unknown.length > 0) {
      throw validationError(
        `Could not save the composite alarm as alarms [${[...new Set(unknown)].join(", ")}] in the alarm rule do not exist`,
      );
    }
    book.putComposite(input);
    return {};
  },
});
