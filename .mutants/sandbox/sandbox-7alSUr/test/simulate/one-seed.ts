import { showIncident } from "./engine/incidents.ts";
import type { SeedOutcome } from "./lanes.ts";
import { scenarioOf } from "./scenario/scenario.ts";
import { simulate } from "./simulation.ts";

/** `keep`: which of its incidents happen, by their number; undefined: all. */
export async function simulateSeed(seed: number, keep: readonly number[] | undefined): Promise<SeedOutcome> {
  const drawn = scenarioOf(seed);
  const kept = keep ?? drawn.incidents.map((_, at) => at);
  const incidents = drawn.incidents.filter((_, at) => kept.includes(at));
  const { violations, trace, end } = await simulate({ ...drawn, incidents });
  const isBroken = violations.length > 0;
  return {
    seed,
    end: `${drawn.model.word} ${end}`,
    keep: kept,
    violations,
    trace: isBroken ? trace : [],
    story: isBroken ? incidents.map((one) => showIncident(one, drawn.beginsMs)) : [],
  };
}

/**
 * Leaves out one incident after the other, as long as the same promise is still broken without it: the last ones first,
 * because what comes after the violation cannot be needed for it.
 */
export async function shrunk(found: SeedOutcome): Promise<SeedOutcome> {
  const broken = found.violations[0]?.invariant;
  let smallest = found;
  for (const at of found.keep.toReversed()) {
    const tried = await simulateSeed(
      found.seed,
      smallest.keep.filter((one) => one !== at),
    );
    if (tried.violations[0]?.invariant === broken) smallest = tried;
  }
  return smallest;
}
