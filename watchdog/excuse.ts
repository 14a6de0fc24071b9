/** Events among so many requests. */
export interface Count {
  readonly exposure: number;
  readonly events: number;
}

/** What stands beside a candidate's alarm: the same alarm of the active slot, and for a rate the counts behind both. */
export interface Beside {
  readonly activeInAlarm: boolean;
  /** undefined: the alarm is not on a rate. */
  readonly counts:
    | {
        /** In the minutes that the alarm looked at. */
        readonly candidate: Count;
        /** In the same minutes, as far as both had requests. */
        readonly active: Count;
        /** The active slot's hours before. */
        readonly usual: Count;
      }
    | undefined;
}

/** An alarm looks 1,440 times a day: so rarely may chance alone pass for an excess. */
const LEVEL = 1e-6;

/**
 * Why an alarm of the candidate says nothing against it; undefined: it does. A fixed limit near the active slot's own
 * rate is broken by chance every day, and what hits both slots is no fault of the candidate. Where requests are counted,
 * the counts say whether it does hit both: an active slot in ALARM hides no candidate that is far worse. Without a
 * control, which is so at a share of 100 %, the alarm decides alone; the active slot's is about users of before.
 *
 * Of a candidate as good as the active slot at most x events are expected; P(events >= x) <= exp(-(x log(x / expected)
 * - x + expected)) (Chernoff). The rollout judges by the same bound, and knows clusters besides.
 */
export function excuse({ activeInAlarm, counts }: Beside): string | undefined {
  if (counts === undefined) {
    return activeInAlarm ? "the active slot is in ALARM for the same reason" : undefined;
  }
  if (counts.active.exposure === 0) return undefined;
  const { candidate, active, usual } = counts;
  const rate = Math.max(rateOf(usual), rateOf(active));
  // Without one event in all its time the active slot's rate is below one in so many requests.
  const lowest = 1 / Math.max(1, usual.exposure + active.exposure);
  const expected = candidate.exposure * Math.max(rate, lowest);
  const { events } = candidate;
  const isExcess =
    events > expected && events * Math.log(events / expected) - events + expected >= -Math.log(LEVEL);
  return isExcess ? undefined : "a candidate as good as the active slot would show that, too";
}

/**
 * The same for an alarm that clients bring about, too, when they give up. It speaks against a candidate only beside the
 * active slot's counts, and only where no client can choose the slot; otherwise it pages and nobody is moved.
 * `beside`: undefined: it could not be read.
 */
export function excuseUnproven(beside: Beside | undefined, sticky: boolean): string | undefined {
  if (sticky) return "clients that give up bring it about, too, and users stay on their slot";
  if (beside?.counts === undefined || beside.counts.active.exposure === 0) {
    return "clients that give up bring it about, too, and there is no active slot to compare with";
  }
  return excuse(beside);
}

const rateOf = ({ exposure, events }: Count) => (exposure > 0 ? events / exposure : 0);
