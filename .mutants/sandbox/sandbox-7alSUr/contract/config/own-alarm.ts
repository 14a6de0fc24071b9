import type { Slot } from "../slot.ts";

/** In the name of an alarm of the user's own, `{slot}` stands for `blue` or `green`. */
const SLOT = "{slot}";

// CloudWatch API, AlarmName: 1 to 255 characters, none of them a control character. Other words in braces would be slips.
const NAME = /^(?!\s)[^{}\p{Cc}]{1,255}(?<!\s)$/u;

export const OWN_ALARM_ALLOWED =
  "a list of names of CloudWatch alarms in the stack's account and region, in which `{slot}` may stand for blue or green";

/** One entry of `rollout.alarms`; undefined when it is not allowed. */
export function readOwnAlarm(raw: unknown): string | undefined {
  // `pulumi config set --path` stores a bare number as a number.
  const name = typeof raw === "number" ? String(raw) : raw;
  return typeof name === "string" && NAME.test(name.replaceAll(SLOT, "blue")) ? name : undefined;
}

/** The alarm's name as it is for this slot; that of one for both stays what it is. */
export const ownAlarmOf = (name: string, slot: Slot): string => name.replaceAll(SLOT, slot);

/** Whether there is one for each slot. */
export const isPerSlot = (name: string): boolean => name.includes(SLOT);
