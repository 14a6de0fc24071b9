import type { AlarmKey } from "../../contract/alarm-catalog.ts";
import type { Slot } from "../../contract/slot.ts";
import type { ComparisonData } from "../core/comparison/data.ts";
import type { ShareSince } from "../core/shares.ts";

/** What is known of a time in which two models shared users. */
export interface Past {
  /** Where it is from, for people. */
  readonly source: string;
  readonly candidate: Slot;
  readonly data: ComparisonData;
  /** Empty: nobody wrote them down. */
  readonly shares: readonly ShareSince[];
  readonly sticky: boolean;
  /** Per alarm, the measure of each of `data.minutes`; alarms that are not here were not measured. */
  readonly alarms: Readonly<Partial<Record<AlarmKey, PastMeasure>>>;
}

export interface PastMeasure {
  readonly candidate: readonly (number | undefined)[];
  readonly active: readonly (number | undefined)[];
}
