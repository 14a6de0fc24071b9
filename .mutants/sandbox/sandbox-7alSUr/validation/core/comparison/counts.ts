import type { Count } from "../../../contract/alarms/excess.ts";

export type { Count };

/** One complete minute on both slots. */
export interface PairedMinute {
  readonly candidate: Count;
  readonly active: Count;
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
export const pooled = (counts: readonly Count[]): Count => ({
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
