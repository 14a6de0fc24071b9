import { deadlineMinutesAt, type FaultOdds, type Schedule } from "../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { provableSteps } from "../../../contract/config/steps.ts";
import { weighing, type TimedMinute } from "../comparison/compare.ts";
import { provenBy } from "../comparison/proof.ts";
import { clustered } from "./detection.ts";
import { randomOf, type Random } from "./random.ts";
import type { StepPlan } from "./steps.ts";
import { failedOf, type Traffic } from "./traffic.ts";

/** A candidate that is worse, as a schedule's odds are told for. */
interface Wrong {
  readonly fault: string;
  /** Failing requests per request, 0 to 1. */
  readonly rate: number;
}

const RUNS = 200;
const SEED = 9_973;
/** More stretches of a step show nothing else. */
const STRETCHES = 100;

export interface OddsInput {
  readonly traffic: Traffic;
  readonly policy: RolloutPolicy;
  readonly steps: readonly StepPlan[];
  readonly schedule: Pick<Schedule, "provenRate" | "minutes">;
}

/**
 * How many of 200 simulated releases would promote a model with a fault that is there from the first minute on, always
 * the same ones, through the product's own evidence and proof. Retreats are left out, so it is rather too many.
 */
export function oddsOf(input: OddsInput): readonly FaultOdds[] {
  return faultsAt(input.traffic.errorRate, input.schedule.provenRate).map(({ fault, rate }, index) => {
    let promoted = 0;
    for (let run = 0; run < RUNS; run++)
      if (isPromoted(randomOf(SEED + index * RUNS + run), input, rate)) promoted += 1;
    return { fault, promoted: promoted / RUNS };
  });
}

function faultsAt(errorRate: number, provenRate: number | undefined): readonly Wrong[] {
  const times = [
    { fault: "twice as often", rate: Math.min(1, 2 * errorRate) },
    { fault: "five times as often", rate: Math.min(1, 5 * errorRate) },
  ];
  const parts = (provenRate === undefined ? [] : [2, 5]).map((factor) => {
    const rate = Math.min(1, factor * (provenRate ?? 1));
    return { fault: `in ${Number((100 * rate).toPrecision(2))} % of its requests`, rate };
  });
  return [...(errorRate > 0 ? times : []), ...parts.filter(({ rate }) => rate > 2 * errorRate)];
}

function isPromoted(
  random: Random,
  { traffic, policy, steps, schedule }: OddsInput,
  faulty: number,
): boolean {
  const { phi } = traffic.dispersion;
  const { alpha, tolerance, beta } = policy;
  const evidence = weighing([{ kind: "failed", phi }], { alpha, tolerance, attempt: 1 });
  const needed = Math.log(provableSteps(policy.steps) / beta);
  for (const { share, proves, readyAfterMinutes, advancesAfterMinutes } of steps) {
    if (share >= 100) continue;
    const deadline = deadlineMinutesAt({ ...policy, schedule }, share);
    const stretch = Math.max(1, Math.ceil((advancesAfterMinutes ?? deadline) / STRETCHES));
    const candidate = (traffic.requestsPerMinute * share * stretch) / 100;
    const active = traffic.requestsPerMinute * stretch - candidate;
    const seen = { candidate: { exposure: 0, events: 0 }, active: { exposure: 0, events: 0 } };
    let isThrough = false;
    for (let minutes = stretch; minutes <= deadline && !isThrough; minutes += stretch) {
      const minute: TimedMinute = {
        atMs: 0,
        candidate: { exposure: candidate, events: clustered(random, candidate, faulty, phi) },
        active: { exposure: active, events: clustered(random, active, traffic.errorRate, phi) },
      };
      evidence.takeIn(0, minute);
      if (evidence.isEnough()) return false;
      for (const arm of ["candidate", "active"] as const) {
        seen[arm].exposure += minute[arm].exposure;
        seen[arm].events += minute[arm].events;
      }
      if (minutes < readyAfterMinutes) continue;
      isThrough =
        proves === undefined || provenBy(failedOf(traffic, [{ atMs: 0, ...seen }]), 0, proves) >= needed;
    }
    if (!isThrough) return false;
  }
  return true;
}
