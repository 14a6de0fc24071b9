import { cohortStepOf, percents, stepAt, type Stepped } from "../config/steps.ts";
import type { Signal } from "./signal.ts";

/**
 * Signals whose labels are old enough only when the candidate has all users: they say nothing before. `minutes`: how long
 * both slots have users at least. undefined: there are none.
 */
export function labelsTooLate(signals: readonly Signal[], minutes: number): string | undefined {
  const late = signals.flatMap(({ name, source }) =>
    source.from === "labels" && source.labelAfterMinutes >= minutes
      ? [`${name} counts a label ${source.labelAfterMinutes} minutes after its answer`]
      : [],
  );
  if (late.length === 0) return undefined;
  const whole = Math.floor(minutes);
  return `${late.join(" and ")}, and the steps may give the candidate all users ${whole} minutes after the first: it may say nothing before that. Let the steps last longer (rollout.bakeMinutes), or let labels count sooner (source.labelAfterMinutes)`;
}

/** How long both slots have users at least. */
export function sharedMinutes(policy: Stepped): number {
  const shares = percents(policy.steps).filter((share) => share < 100);
  const bakes = shares.map((share) => stepAt(policy, share).bakeMinutes);
  return bakes.reduce((sum, minutes) => sum + minutes, cohortStepOf(policy)?.bakeMinutes ?? 0);
}
