import type { Release } from "./release.ts";

/** Where a candidate goes on that gave `from` percent back: one step lower, at the first step with half its share. */
export function resumeShare(steps: readonly number[], from: number): number {
  const first = steps[0] ?? 100;
  return steps.findLast((step) => step < from) ?? Math.max(1, Math.floor(first / 2));
}

/**
 * Whether a release has the first users that it ever had, or the first after it had given them back: then what an alarm
 * says may still be of before.
 */
export function isFirstShare(
  steps: readonly number[],
  { weight, retreats }: Pick<Release, "weight" | "retreats">,
): boolean {
  const last = retreats.at(-1);
  return weight <= (steps[0] ?? 100) || (last !== undefined && weight === resumeShare(steps, last.from));
}
