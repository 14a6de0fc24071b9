import { weighing, type ComparisonPolicy, type TimedMinute } from "../comparison/compare.ts";
import { poisson, randomOf, type Random } from "./random.ts";
import type { Traffic } from "./traffic.ts";

/** A way in which a candidate may be worse. */
export interface Fault {
  readonly name: string;
  /** Failing requests per request of the candidate, given those of the active slot. */
  readonly rate: (errorRate: number) => number;
}

export const FAULTS: readonly Fault[] = [
  { name: "×2", rate: (rate) => Math.min(1, 2 * rate) },
  { name: "×5", rate: (rate) => Math.min(1, 5 * rate) },
  { name: "×10", rate: (rate) => Math.min(1, 10 * rate) },
  { name: "20 % failing", rate: () => 0.2 },
];

/** Minutes of counts until the comparison rolls a fault back that is there from the step's first minute on. */
export interface Detection {
  readonly fault: string;
  /** Whether it is one: so many times no failure at all is none. */
  readonly isFault: boolean;
  /** In half of the simulated releases; undefined: not within a day. */
  readonly medianMinutes: number | undefined;
  /** In nine of ten. */
  readonly ninetiethMinutes: number | undefined;
}

const RUNS = 100;
const HORIZON_MINUTES = 24 * 60;
const SEED = 20_261;

/** Simulated through the product's own evidence, 100 releases a fault, always the same ones. */
export function detections(
  traffic: Traffic,
  share: number,
  before: readonly TimedMinute[],
  policy: ComparisonPolicy,
): readonly Detection[] {
  return FAULTS.map(({ name, rate }, index) => {
    const faulty = rate(traffic.errorRate);
    const isFault = faulty > traffic.errorRate * policy.tolerance;
    const minutes = Array.from({ length: isFault ? RUNS : 0 }, (_, run) =>
      minutesToSee(randomOf(SEED + index * RUNS + run), traffic, share, faulty, before, policy),
    ).sort((a, b) => a - b);
    const at = (part: number) => {
      const found = minutes[Math.ceil(part * RUNS) - 1];
      return found === undefined || found > HORIZON_MINUTES ? undefined : found;
    };
    return { fault: name, isFault, medianMinutes: at(0.5), ninetiethMinutes: at(0.9) };
  });
}

function minutesToSee(
  random: Random,
  traffic: Traffic,
  share: number,
  faulty: number,
  before: readonly TimedMinute[],
  policy: ComparisonPolicy,
): number {
  const { phi } = traffic.dispersion;
  const evidence = weighing([{ kind: "failed", phi }], policy);
  for (const minute of before) evidence.takeIn(0, minute);
  const candidate = (traffic.requestsPerMinute * share) / 100;
  const active = traffic.requestsPerMinute - candidate;
  for (let minute = 1; minute <= HORIZON_MINUTES; minute++) {
    evidence.takeIn(0, {
      candidate: { exposure: candidate, events: clustered(random, candidate, faulty, phi) },
      active: { exposure: active, events: clustered(random, active, traffic.errorRate, phi) },
    });
    if (evidence.isEnough()) return minute;
  }
  return Number.POSITIVE_INFINITY;
}

/** Events that come φ at a time. */
export const clustered = (random: Random, exposure: number, rate: number, phi: number) =>
  Math.min(exposure, phi * poisson(random, (exposure * rate) / phi));
