import { ALARM_EXCESS_LEVEL, hasExcess, type Count } from "../contract/alarms/excess.ts";

/** What a candidate's alarm is compared with: the same alarm of the active slot, and for a rate the counts behind both. */
export interface AlarmComparison {
  /** Of an alarm that counts no requests: whether its minutes are as bad on the active slot. */
  readonly hitsBoth: boolean;
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

/**
 * Why an alarm of the candidate says nothing against it; undefined: it does. A fixed limit near the active slot's own
 * rate is broken by chance every day, and what hits both slots is no fault of the candidate. The same minutes of both
 * say whether it does: an active slot in ALARM hides no candidate that is far worse. Without a control, which is so at a
 * share of 100 %, the alarm decides alone; the active slot's is about users of before.
 * The rollout judges by the same bound, and knows clusters besides.
 */
export function explanation({ hitsBoth, counts }: AlarmComparison): string | undefined {
  if (counts === undefined) {
    return hitsBoth ? "in the same minutes the active slot is as bad" : undefined;
  }
  if (counts.active.exposure === 0) return undefined;
  const isExcess = hasExcess({ ...counts, tolerance: 1, dispersion: 1, level: ALARM_EXCESS_LEVEL });
  return isExcess ? undefined : "a candidate as good as the active slot would show that, too";
}

/**
 * The same for an alarm that clients bring about, too, when they give up. It speaks against a candidate only beside the
 * active slot's counts, and only where no client can choose the slot; otherwise it pages and nobody is moved.
 * `compared`: undefined: it could not be read.
 */
export function explanationOfUnproven(
  compared: AlarmComparison | undefined,
  sticky: boolean,
): string | undefined {
  if (sticky) return "clients that give up bring it about, too, and users stay on their slot";
  if (compared?.counts === undefined || compared.counts.active.exposure === 0) {
    return "clients that give up bring it about, too, and there is no active slot to compare with";
  }
  return explanation(compared);
}
