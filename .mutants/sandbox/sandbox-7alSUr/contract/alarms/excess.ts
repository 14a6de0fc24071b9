/** What one slot did, in a minute or in many: how many requests it had, and to how many of them the event happened. */
export interface Count {
  /** Requests, at least 0. */
  readonly exposure: number;
  /** Events among them: failed, slow, whatever is counted; 0 to `exposure`. */
  readonly events: number;
}

export interface ExcessOfCounts {
  /** In the minutes that an alarm looked at. */
  readonly candidate: Count;
  /** In the same minutes. */
  readonly active: Count;
  /** The active slot's hours before, better a day. */
  readonly usual: Count;
  /** Ratio of the rates that is still no harm. */
  readonly tolerance: number;
  /** φ of the events: they come in clusters of at most so many. */
  readonly dispersion: number;
  /** How rarely chance alone may pass for an excess, 0 to 1. */
  readonly level: number;
}

/** An alarm looks 1,440 times a day: so rarely may chance alone pass for an excess. */
export const ALARM_EXCESS_LEVEL = 1e-6;

/**
 * Whether the candidate had clearly more events than one as good as the active slot would. Expected are its requests
 * times the tolerated multiple of the active slot's rate: the usual one or, if that is higher, the one of the same
 * minutes, so that what hits both slots is no excess. For clusters of at most φ events
 * P(events >= x) <= exp(-(x log(x / expected) - x + expected) / φ) (Chernoff).
 */
export function hasExcess(counts: ExcessOfCounts): boolean {
  const { candidate, active, usual, tolerance, dispersion, level } = counts;
  const rate = Math.max(rateOf(usual), rateOf(active));
  // Without one event in all its time the active slot's rate is below one in so many requests.
  const floor = candidate.exposure / Math.max(1, usual.exposure + active.exposure);
  const mean = Math.max(candidate.exposure * rate * tolerance, floor);
  const { events } = candidate;
  if (events <= mean) return false;
  return (events * Math.log(events / mean) - events + mean) / dispersion >= -Math.log(level);
}

const rateOf = ({ exposure, events }: Count) => (exposure > 0 ? events / exposure : 0);
