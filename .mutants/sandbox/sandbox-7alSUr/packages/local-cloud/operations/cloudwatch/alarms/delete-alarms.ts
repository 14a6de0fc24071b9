import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { alarmArn } from "../../../access/requires-alarms.ts";
import { onEach } from "../../../access/requires.ts";
import { childrenOf } from "../../../alarms/composite.ts";
import { alarmNames, byName } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { parseInput, validationError } from "../../../metrics/input.ts";

const Input = v.strictObject({ AlarmNames: alarmNames });

/** "If you specify an incorrect alarm name or make any other error, no alarms are deleted" (DeleteAlarms). */
export default defineOperation({
  service: "cloudwatch",
  name: "DeleteAlarms",
  requires: onEach("AlarmNames", alarmArn),
  rate: transactionsPerSecond(3),
  run({ book }, raw) {
    const { AlarmNames } = parseInput("DeleteAlarms", Input, raw);
    const doomed = AlarmNames.map((name) => byName(book, name));
    if (doomed.filter((alarm) => alarm.kind === "composite").length > 1) {
      throw validationError("At most one composite alarm can be deleted in one request");
    }
    const staying = book.all().filter((alarm) => !AlarmNames.includes(alarm.input.AlarmName));
    const needed = staying.flatMap((alarm) => (alarm.kind === "composite" ? childrenOf(book, alarm) : []));
    const blocked = AlarmNames.filter((name) => needed.includes(name));
    if (blocked.length > 0) {
      throw validationError(
        `Cannot delete ${blocked.join(",")} as there are composite alarm(s) depending on ${blocked.length === 1 ? "it" : "them"}.`,
      );
    }
    for (const alarm of new Set(doomed)) book.remove(alarm);
    return {};
  },
});
