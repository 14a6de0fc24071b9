/** What one slot did in one complete minute: how many requests it had, and to how many of them the event happened. */
export interface ArmCount {
  /** Requests, at least 0. */
  readonly exposure: number;
  /** Events among them: failed, slow, whatever a metric counts; 0 to `exposure`. */
  readonly events: number;
}

/** One complete minute on both slots. */
export interface PairedMinute {
  readonly candidate: ArmCount;
  readonly active: ArmCount;
}

/** Both slots' sums. */
export interface PairedTotal extends PairedMinute {
  /** Minutes in which both slots had requests: only those tell anything about the ratio. */
  readonly informativeMinutes: number;
}

/**
 * The candidate's part of a minute's requests, between 0 and 1; undefined when one slot had none, because such a
 * minute says nothing about the ratio of their rates. Always the observed part, never the configured weight:
 * stickiness and rounding bend the split.
 */
export function observedPart({ candidate, active }: PairedMinute): number | undefined {
  if (candidate.exposure <= 0 || active.exposure <= 0) return undefined;
  return candidate.exposure / (candidate.exposure + active.exposure);
}

/** One count of several: of zones together, or of neighbouring minutes. */
export const pooled = (counts: readonly ArmCount[]): ArmCount => ({
  exposure: counts.reduce((sum, { exposure }) => sum + exposure, 0),
  events: counts.reduce((sum, { events }) => sum + events, 0),
});

export function totalOf(minutes: readonly PairedMinute[]): PairedTotal {
  const candidate = { exposure: 0, events: 0 };
  const active = { exposure: 0, events: 0 };
  let informativeMinutes = 0;
  for (const minute of minutes) {
    candidate.exposure += minute.candidate.exposure;
    candidate.events += minute.candidate.events;
    active.exposure += minute.active.exposure;
    active.events += minute.active.events;
    if (observedPart(minute) !== undefined) informativeMinutes += 1;
  }
  return { candidate, active, informativeMinutes };
}
