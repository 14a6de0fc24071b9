import { transactionsPerSecond } from "../../../access/rate.ts";
import { alarmArn } from "../../../access/requires-alarms.ts";
import { creating, named } from "../../../access/requires.ts";
import { readMetricAlarm } from "../../../alarms/definition.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { validationError } from "../../../metrics/input.ts";

export default defineOperation({
  service: "cloudwatch",
  name: "PutMetricAlarm",
  requires: creating("cloudwatch:TagResource", named("AlarmName", alarmArn)),
  rate: transactionsPerSecond(3),
  run({ book }, raw) {
    const input = readMetricAlarm(raw);
    if (book.find(input.AlarmName)?.kind === "composite") {
      throw validationError(`A composite alarm with the name ${input.AlarmName} exists`);
    }
    book.putMetric(input);
    return {};
  },
});
