import type { Count } from "./excess.ts";

export const sum = (counts: readonly Count[]): Count =>
  counts.reduce(
    (total, { exposure, events }) => ({
      exposure: total.exposure + exposure,
      events: total.events + events,
    }),
    { exposure: 0, events: 0 },
  );

/**
 * The active slot in the minutes in which both had requests, each minute with the weight that it has for the candidate.
 * Otherwise an incident that begins with a greater share would speak against the candidate alone: the active slot
 * would have its good minutes of before to show.
 */
export function sameMinutes(
  minutes: readonly { readonly candidate: Count; readonly active: Count }[],
): Count {
  const shared = minutes.filter(({ candidate, active }) => candidate.exposure > 0 && active.exposure > 0);
  const { exposure } = sum(shared.map(({ active }) => active));
  const weight = sum(shared.map(({ candidate }) => candidate)).exposure;
  const events = shared.reduce(
    (total, { candidate, active }) => total + (candidate.exposure * active.events) / active.exposure,
    0,
  );
  return { exposure, events: weight === 0 ? 0 : (events * exposure) / weight };
}
