/**
 * The best settings of threshold rules on the grid of cells: computed exactly, over every decision, period, least
 * number of requests and a fine row of thresholds. Raising a threshold lowers every chance, so for each of the other
 * choices the lowest threshold that keeps false rollbacks in bounds is the best one in every cell.
 */
import { HORIZON_MINUTES } from "../cell.ts";
import { GRID, type GridPoint } from "../grid.ts";
import { failureChance, medianPeriods, periodLaw, tolerableChance, type PeriodLaw } from "./exact.ts";
import type { RuleDecision, ThresholdRule } from "./rule.ts";

const FALSE_ROLLBACKS = 0.01;
const PERIODS = [1, 5] as const;
const LEAST_REQUESTS = [1, 20, 50, 200] as const;
const THRESHOLDS: readonly number[] = Array.from({ length: 170 }, (_, index) => 0.001 * 1.041 ** index);

const counter = (failed: number): RuleDecision => ({ kind: "counter", failed });
const window = (failed: number, of: number): RuleDecision => ({ kind: "window", failed, of });

/** Argo Rollouts' failureLimit and Flagger's threshold. */
const COUNTERS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50].map(counter);
/** CloudWatch's M of N. */
const WINDOWS = [
  window(1, 1),
  window(2, 2),
  window(2, 3),
  window(3, 3),
  window(2, 5),
  window(3, 5),
  window(4, 5),
  window(5, 5),
  window(10, 10),
  window(15, 15),
  window(20, 20),
  window(30, 30),
  window(60, 60),
];

/** A rule and its median minutes to detect, by cell of the grid; the horizon when it is longer. */
export interface Tuned {
  readonly rule: ThresholdRule;
  readonly medians: readonly number[];
}

/** Rules with one setting for the whole grid, at most 1 % false rollbacks in each of its healthy cells. */
export interface OneSetting {
  readonly counter: Tuned;
  readonly alarm: Tuned;
  /** The best threshold of every other choice: what any setting reaches. */
  readonly all: readonly Tuned[];
}

/** Rules tuned for each cell of the grid. */
export interface PerCell {
  /** With at most 1 % also when the usual failure rate doubles (or halves). */
  readonly robust: readonly CellTuned[];
  /** Knowing the usual rate exactly. */
  readonly oracle: readonly CellTuned[];
}

export interface CellTuned {
  readonly rule: ThresholdRule;
  readonly median: number;
}

interface Choice {
  readonly decision: RuleDecision;
  readonly periodMinutes: 1 | 5;
  readonly minRequests: number;
  /** The chance of a failed period that is still tolerable. */
  readonly tolerable: number;
}

export interface PeerSearch {
  oneSetting(): OneSetting;
  perCell(): PerCell;
  /** The rule that is best at this point and robust there. */
  robustAt(point: GridPoint): CellTuned;
}

export function peerSearch(): PeerSearch {
  const choices = choicesOf();
  const laws = lawsOf();
  const lowest = lowestThresholds(laws);
  const tunedAt = (point: GridPoint, timesUsual: 1 | 2) =>
    tunedForCell(choices, point, laws, (choice) => lowest(choice, point, timesUsual));
  return {
    oneSetting() {
      const all = choices.flatMap((choice) => tunedForAll(choice, laws, lowest));
      const best = (kind: RuleDecision["kind"]) =>
        bestOf(all.filter(({ rule }) => rule.decision.kind === kind));
      return { counter: best("counter"), alarm: best("window"), all };
    },
    perCell: () => ({
      robust: GRID.map((point) => tunedAt(point, 2)),
      oracle: GRID.map((point) => tunedAt(point, 1)),
    }),
    robustAt: (point) => tunedAt(point, 2),
  };
}

function choicesOf(): readonly Choice[] {
  return [...COUNTERS, ...WINDOWS].flatMap((decision) =>
    PERIODS.flatMap((periodMinutes) => {
      const tolerable = tolerableChance(decision, HORIZON_MINUTES / periodMinutes, FALSE_ROLLBACKS);
      return LEAST_REQUESTS.map((minRequests) => ({ decision, periodMinutes, minRequests, tolerable }));
    }),
  );
}

type Laws = (requests: number, failing: number) => PeriodLaw;

function lawsOf(): Laws {
  const known = new Map<string, PeriodLaw>();
  return (requests, failing) => {
    const key = `${requests} ${failing}`;
    const law = known.get(key) ?? periodLaw(requests, failing);
    known.set(key, law);
    return law;
  };
}

const requestsOf = ({ requestsPerMinute, share }: GridPoint, { periodMinutes }: Choice) =>
  requestsPerMinute * share * periodMinutes;

type Lowest = (choice: Choice, point: GridPoint, timesUsual: 1 | 2) => number;

/** Index of the lowest threshold with which a healthy candidate of a point stays; past the end: none. */
function lowestThresholds(laws: Laws): Lowest {
  const known = new Map<Choice, Map<string, number>>();
  return (choice, point, timesUsual) => {
    const ofChoice = known.get(choice) ?? new Map<string, number>();
    known.set(choice, ofChoice);
    const key = `${point.failing} ${point.requestsPerMinute} ${point.share} ${timesUsual}`;
    const found = ofChoice.get(key) ?? lowestThreshold(choice, point, laws, timesUsual);
    ofChoice.set(key, found);
    return found;
  };
}

function lowestThreshold(choice: Choice, point: GridPoint, laws: Laws, timesUsual: number): number {
  const law = laws(requestsOf(point, choice), point.failing * timesUsual);
  let low = 0;
  let high = THRESHOLDS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const chance = failureChance(law, THRESHOLDS[middle] ?? 1, choice.minRequests);
    if (chance <= choice.tolerable) high = middle;
    else low = middle + 1;
  }
  return low;
}

const ruleOf = ({ decision, periodMinutes, minRequests }: Choice, index: number): ThresholdRule => ({
  periodMinutes,
  threshold: THRESHOLDS[index] ?? 1,
  minRequests,
  decision,
});

function medianOf(rule: ThresholdRule, choice: Choice, point: GridPoint, laws: Laws): number {
  const law = laws(requestsOf(point, choice), point.failing * point.ratio);
  const chance = failureChance(law, rule.threshold, rule.minRequests);
  const periods = medianPeriods(rule.decision, chance, HORIZON_MINUTES / rule.periodMinutes);
  return periods === undefined ? HORIZON_MINUTES : periods * rule.periodMinutes;
}

function tunedForAll(choice: Choice, laws: Laws, lowest: Lowest): readonly Tuned[] {
  const index = Math.max(...GRID.map((point) => lowest(choice, point, 1)));
  if (index >= THRESHOLDS.length) return [];
  const rule = ruleOf(choice, index);
  return [{ rule, medians: GRID.map((point) => medianOf(rule, choice, point, laws)) }];
}

function tunedForCell(
  choices: readonly Choice[],
  point: GridPoint,
  laws: Laws,
  lowest: (choice: Choice) => number,
): CellTuned {
  let best: CellTuned | undefined;
  for (const choice of choices) {
    const index = lowest(choice);
    if (index >= THRESHOLDS.length) continue;
    const rule = ruleOf(choice, index);
    const median = medianOf(rule, choice, point, laws);
    if (best === undefined || median < best.median) best = { rule, median };
  }
  if (best === undefined) throw new Error("no rule keeps its false rollbacks in bounds");
  return best;
}

/** The one that sees most cells; among equals, the one that sees them sooner. */
function bestOf(candidates: readonly Tuned[]): Tuned {
  const logSum = ({ medians }: Tuned) => medians.reduce((sum, median) => sum + Math.log(median), 0);
  const [best] = [...candidates].sort(
    (a, b) => detected(b.medians) - detected(a.medians) || logSum(a) - logSum(b),
  );
  if (best === undefined) throw new Error("no single setting keeps its false rollbacks in bounds");
  return best;
}

export const detected = (medians: readonly number[]) =>
  medians.filter((median) => median < HORIZON_MINUTES).length;
