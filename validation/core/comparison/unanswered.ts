import type { RawCounts } from "./data.ts";

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
  const surpluses = minutes.map(({ requests, answered, errors }) => {
    surplus = Math.max(0, surplus + requests - answered - errors);
    return surplus;
  });
  let smallest = Number.POSITIVE_INFINITY;
  const lasting = surpluses
    .toReversed()
    .map((value) => {
      smallest = Math.min(smallest, value);
      return smallest;
    })
    .toReversed();
  return lasting.map((value, index) => value - (lasting[index - 1] ?? 0));
}
