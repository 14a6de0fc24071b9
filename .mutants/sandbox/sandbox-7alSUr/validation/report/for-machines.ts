import { comparisonRecord, type ComparisonRecord } from "../core/comparison/record.ts";
import type { StepOutcome } from "../rollout/step-types.ts";
import type { RolloutOutcome } from "../rollout/rollout.ts";

/** A step as `--json` prints it: what was compared, without the minutes that it was made from. */
export type StepForMachines = Omit<StepOutcome, "comparison"> & {
  readonly comparison?: Omit<ComparisonRecord, "counts"> | undefined;
};

/**
 * Sums, rates, ratios and evidence are what a program decides or draws by. The counts of each minute grow by the hour,
 * and whoever wants to judge again needs them whole: `--evidence` keeps them.
 */
export function stepForMachines({ comparison, ...rest }: StepOutcome): StepForMachines {
  if (comparison === undefined) return rest;
  const { counts: _, ...kept } = comparisonRecord(comparison);
  return { ...rest, comparison: kept };
}

/** `report`: the file of the release's report; undefined: it goes on, or none could be written. */
type Reported = RolloutOutcome & { readonly report: string | undefined };

export type RolloutForMachines = Omit<Reported, "last"> & { readonly last: StepForMachines };

export const rolloutForMachines = ({ last, ...rest }: Reported): RolloutForMachines => ({
  ...rest,
  last: stepForMachines(last),
});
