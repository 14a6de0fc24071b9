import type { AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import type { Schedule } from "../../../contract/release/schedule.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { ComparisonData } from "../../core/comparison/data.ts";
import type { ShareSince } from "../../core/shares.ts";
import { UserError } from "../../errors.ts";

/** What is known of a time in which two models shared users. */
export interface Past {
  /** Where it is from, for people. */
  readonly source: string;
  readonly candidate: Slot;
  readonly data: ComparisonData;
  /** Empty: nobody wrote them down. */
  readonly shares: readonly ShareSince[];
  readonly sticky: boolean;
  /** Which attempt at this pair of models it was, from 1; undefined: nobody wrote it down, and it is judged as the first. */
  readonly attempt: number | undefined;
  /** What was planned for this pair of models; undefined: nobody wrote it down. */
  readonly schedule?: Schedule | undefined;
  /** Per alarm, the measure of each of `data.minutes`; alarms that are not here were not measured. */
  readonly alarms: Readonly<Partial<Record<AlarmKey, PastMeasure>>>;
}

export interface PastMeasure {
  readonly candidate: readonly (number | undefined)[];
  readonly active: readonly (number | undefined)[];
}

/** Every minute is judged again from everything before it, so the time grows with the square of their number. */
const LONGEST_MINUTES = 3 * 24 * 60;

/** Refuses what would be judged for hours. `what`: whose minutes these are, and how to have fewer of them. */
export function refuseTooLong(minutes: number, what: { readonly have: string; readonly fix: string }): void {
  if (minutes >= 1 && minutes <= LONGEST_MINUTES) return;
  const allowed = `allowed: 1 to ${LONGEST_MINUTES}, which are three days`;
  throw new UserError("BG202", `${what.have} ${Math.round(minutes)} minutes; ${allowed}. ${what.fix}.`);
}
