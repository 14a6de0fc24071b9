import { observedPart, totalOf, type ArmCount, type PairedMinute } from "./counts.ts";

export interface ExcessInput {
  /** The minutes that an alarm looked at. */
  readonly window: readonly PairedMinute[];
  /** The active slot's counts over the whole time that is known: hours, better a day. */
  readonly usual: ArmCount;
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

/** An alarm looks 1,440 times a day: so rarely may chance alone pass for an excess. */
const LEVEL = 1e-6;

/**
 * Whether the candidate had clearly more events in the window than a candidate as good as the active slot would.
 * A fixed limit cannot know that: where the active slot's own rate is 2 % and the limit 5 %, three of five minutes
 * with 60 requests breach by chance about once a day, and broken users who come back do the same at any rate.
 *
 * Expected are the requests times the tolerated multiple of the active slot's rate: the usual one or, if that is
 * higher, the one of the same minutes, so that what hits both slots is no excess. For clusters of at most φ events
 * P(events >= x) <= exp(-(x log(x / expected) - x + expected) / φ) (Chernoff).
 */
export function isExcess(input: ExcessInput): boolean {
  const { window, usual, tolerance, dispersion, isAlone = false, level = LEVEL } = input;
  const compared = isAlone ? window : window.filter((minute) => observedPart(minute) !== undefined);
  const { candidate, active } = totalOf(compared);
  const rate = Math.max(rateOf(usual), rateOf(active));
  const expected = candidate.exposure * rate * tolerance;
  if (candidate.events <= expected) return false;
  // Without one event in all its time the active slot's rate is below one in so many requests.
  const floor = candidate.exposure / Math.max(1, usual.exposure + active.exposure);
  const mean = Math.max(expected, floor);
  const { events } = candidate;
  if (events <= mean) return false;
  return (events * Math.log(events / mean) - events + mean) / dispersion >= -Math.log(level);
}

const rateOf = ({ exposure, events }: ArmCount) => (exposure > 0 ? events / exposure : 0);
