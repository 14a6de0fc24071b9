import { ALARM_EXCESS_LEVEL, hasExcess } from "../../../contract/alarms/excess.ts";
import { sameMinutes } from "../../../contract/alarms/same-minutes.ts";
import { observedPart, totalOf, type Count, type PairedMinute } from "./counts.ts";

export interface ExcessInput {
  /** The minutes that an alarm looked at. */
  readonly window: readonly PairedMinute[];
  /** The active slot's counts over the whole time that is known: hours, better a day. */
  readonly usual: Count;
  /** Ratio of the rates that is still no harm. */
  readonly tolerance: number;
  /** φ of the events. */
  readonly dispersion: number;
  /** All traffic is on the candidate: beside it is only what the active slot usually shows. */
  readonly isAlone?: boolean;
  /** How rarely chance alone may pass for an excess, 0 to 1; that of an alarm that moves users back unless given. */
  readonly level?: number;
}

/** How much the candidate has more than one as good as the active slot: proven, only by what one incident has not widened, or not. */
export type Excess = "proven" | "doubtful" | "none";

/**
 * Whether the candidate had clearly more events in the window than a candidate as good as the active slot would.
 * A fixed limit cannot know that: where the active slot's own rate is 2 % and the limit 5 %, three of five minutes
 * with 60 requests breach by chance about once a day, and broken users who come back do the same at any rate.
 * How it is told: contract/alarms/excess.ts.
 */
export function isExcess(input: ExcessInput): boolean {
  const { window, usual, tolerance, dispersion, isAlone = false, level = ALARM_EXCESS_LEVEL } = input;
  const compared = isAlone ? window : window.filter((minute) => observedPart(minute) !== undefined);
  const { candidate, active } = totalOf(compared);
  // In an incident of both slots that began with a greater share the active one would have its good minutes to show.
  const beside = isAlone ? active : sameMinutes(compared);
  return hasExcess({ candidate, active: beside, usual, tolerance, dispersion, level });
}
