import { isFinal, type RawCounts, type RawMinute } from "./data.ts";

/**
 * Requests of each minute that never got an answer of their target: crashed in mid-request, or too late. The load
 * balancer's own 502 and 504 carry no target group, so they show only as requests minus answers, cumulative.
 * An answer may be counted a minute after its request, so a minute keeps only what no later minute makes up for:
 * the smallest surplus from then on, which never falls and is at least 0.
 */
export function unansweredOf(
  minutes: readonly Pick<RawCounts, "requests" | "answered" | "errors">[],
): readonly number[] {
  let surplus = 0;
  const lasting = minutes.map(({ requests, answered, errors }) => {
    surplus = Math.max(0, surplus + requests - answered - errors);
    return surplus;
  });
  // From the last minute on: each loses what a later one makes up for.
  for (let index = lasting.length - 2; index >= 0; index--) {
    lasting[index] = Math.min(lasting[index] ?? 0, lasting[index + 1] ?? 0);
  }
  return lasting.map((value, index) => value - (lasting[index - 1] ?? 0));
}

/** Both slots' requests of a minute that may still be answered. */
export interface OpenRequests {
  readonly candidate: number;
  readonly active: number;
}

/**
 * Requests without an answer that are no failures yet, because CloudWatch may have the count of their answers later
 * than RequestCount: all of the minutes that are not final, but for as many as the load balancer's own 5xx of those
 * minutes can account for. Those are an upper bound for both slots together, the oldest minute's first, because a
 * request that times out is counted when it does.
 */
export function openRequests(minutes: readonly RawMinute[], finalUntilMs: number): readonly OpenRequests[] {
  const candidates = unansweredOf(minutes.map(({ candidate }) => candidate));
  const actives = unansweredOf(minutes.map(({ active }) => active));
  const isOpen = (minute: RawMinute) => !isFinal(minute, finalUntilMs);
  let accounted = minutes.reduce((sum, one) => sum + (isOpen(one) ? (one.balancerErrors ?? 0) : 0), 0);
  return minutes.map((minute, index) => {
    if (!isOpen(minute)) return { candidate: 0, active: 0 };
    const [candidate, active] = [candidates[index] ?? 0, actives[index] ?? 0];
    const both = candidate + active;
    const lost = Math.min(both, accounted);
    accounted -= lost;
    const part = both === 0 ? 0 : lost / both;
    // Whole requests, and in doubt none of the candidate's.
    const lostByCandidate = Math.floor(candidate * part);
    return {
      candidate: candidate - lostByCandidate,
      active: active - Math.min(active, lost - lostByCandidate),
    };
  });
}
