import * as v from "valibot";
import { parseInput } from "../metrics/input.ts";
import type { AlarmBook } from "./book.ts";
import { alarmNames } from "./find.ts";

const Input = v.strictObject({ AlarmNames: alarmNames });

/** What EnableAlarmActions and DisableAlarmActions do. */
export function switchActions(operation: string, raw: unknown, book: AlarmBook, ActionsEnabled: boolean) {
  const { AlarmNames } = parseInput(operation, Input, raw);
  // Neither operation has an error for an unknown name in AWS's model.
  for (const name of AlarmNames) {
    const alarm = book.find(name);
    if (alarm?.kind === "metric") book.replace({ ...alarm, input: { ...alarm.input, ActionsEnabled } });
    if (alarm?.kind === "composite") book.replace({ ...alarm, input: { ...alarm.input, ActionsEnabled } });
  }
  return {};
}
