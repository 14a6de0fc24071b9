import type { Schedule } from "../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { LEAST_RATIOS, type Asked } from "../comparison/proof.ts";
import { oddsOf } from "./odds.ts";
import { planSteps, provingMinutes, type StepPlan } from "./steps.ts";
import type { Traffic } from "./traffic.ts";

/** From the strictest on. */
const RATIOS: readonly (readonly number[])[] = [[10, 5, 2], [10, 5, 3], LEAST_RATIOS];
/** Where hardly anything fails, no ratio is proven in time: parts of the requests that are little enough, too. */
const RATES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05] as const;

/** What every candidate can be asked for soonest. */
export const LEAST_STRICT: Asked = { provenRatios: LEAST_RATIOS, provenRate: 0.05 };

export interface Planned {
  readonly schedule: Schedule;
  readonly steps: readonly StepPlan[];
  /** Of a good candidate, until it is promoted; undefined: it is not, before some deadline. */
  readonly totalMinutes: number | undefined;
}

/**
 * What the steps of a release have to prove, and how long that takes at a traffic: the strictest choice that a good
 * candidate gets through within `rollout.targetMinutes`, and the least strict one where none is. What the policy says
 * itself is not chosen.
 */
export function chooseSchedule(traffic: Traffic, policy: RolloutPolicy): Planned {
  const { asked, steps } = choose(traffic, policy);
  const minutes = steps.map(
    ({ advancesAfterMinutes, deadlineMinutes }) => advancesAfterMinutes ?? deadlineMinutes,
  );
  return { schedule: { ...asked, minutes, odds: [] }, steps, totalMinutes: totalOf(steps) };
}

/** The same, with its odds. */
export function planSchedule(traffic: Traffic, policy: RolloutPolicy): Planned {
  const chosen = chooseSchedule(traffic, policy);
  const { steps, schedule } = chosen;
  // Clusters of the usual size can be simulated, an incident cannot.
  const { phi, bounded } = traffic.dispersion;
  const odds = bounded < phi ? [] : oddsOf({ traffic, policy, steps, schedule });
  return { ...chosen, schedule: { ...schedule, odds } };
}

function choose(
  traffic: Traffic,
  policy: RolloutPolicy,
): { readonly asked: Asked; readonly steps: readonly StepPlan[] } {
  const planned = (asked: Asked) => ({
    asked,
    steps: planSteps(traffic, policy, asked).map(({ plan }) => plan),
  });
  const { advanceWhen, provenRatios, targetMinutes } = policy;
  if (advanceWhen !== "proven") return planned({ provenRatios: [] });
  if (provenRatios !== "auto") return planned({ provenRatios });
  const choices: readonly Asked[] = [
    ...RATIOS.map((ratios) => ({ provenRatios: ratios })),
    ...RATES.map((provenRate) => ({ ...LEAST_STRICT, provenRate })),
  ];
  for (const choice of choices) {
    // The rest of a plan takes longer to find, and makes no choice faster.
    if (provingMinutes(traffic, policy, choice) > targetMinutes) continue;
    const found = planned(choice);
    if ((totalOf(found.steps) ?? Number.POSITIVE_INFINITY) <= targetMinutes) return found;
  }
  return planned(LEAST_STRICT);
}

export function totalOf(steps: readonly StepPlan[]): number | undefined {
  let total = 0;
  for (const { advancesAfterMinutes } of steps) {
    if (advancesAfterMinutes === undefined) return undefined;
    total += advancesAfterMinutes;
  }
  return total;
}
