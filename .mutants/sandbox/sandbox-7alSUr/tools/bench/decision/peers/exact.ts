/**
 * What a threshold rule does under steady traffic, computed instead of simulated: periods are independent then, so
 * everything follows from the probability that one of them fails.
 */
import { poisson, type Distribution } from "../samplers.ts";
import type { RuleDecision } from "./rule.ts";

/** Requests and failures of a period with so many requests expected, of which so large a part fails. */
export interface PeriodLaw {
  readonly failed: Distribution;
  /** P(answered <= k), by k. */
  readonly answeredAtMost: (k: number) => number;
}

export function periodLaw(requests: number, failing: number): PeriodLaw {
  const { first, mass } = poisson(requests * (1 - failing));
  let sum = 0;
  const cumulative = mass.map((value) => (sum += value));
  return {
    failed: poisson(requests * failing),
    answeredAtMost: (k) => (k < first ? 0 : (cumulative[Math.min(k - first, cumulative.length - 1)] ?? 1)),
  };
}

/** P(failed / requests > threshold and requests >= minRequests). */
export function failureChance(law: PeriodLaw, threshold: number, minRequests: number): number {
  const { first, mass } = law.failed;
  let chance = 0;
  for (let index = 0; index < mass.length; index++) {
    const failed = first + index;
    if (failed === 0) continue;
    const mostAnswered = Math.ceil((failed * (1 - threshold)) / threshold) - 1;
    const fewestAnswered = Math.max(0, minRequests - failed);
    if (mostAnswered < fewestAnswered) continue;
    const inside = law.answeredAtMost(mostAnswered) - law.answeredAtMost(fewestAnswered - 1);
    chance += (mass[index] ?? 0) * inside;
  }
  return chance;
}

/**
 * The probabilities of having decided after 1, 2, … periods when each fails with this chance, until one is at least
 * `until`.
 */
function* decided(decision: RuleDecision, chance: number): Generator<number> {
  // Counters and unbroken rows are counted; other windows need to know which of the last periods failed.
  const isRow = decision.kind === "window" && decision.failed === decision.of;
  if (decision.kind === "counter" || isRow) {
    let states = new Float64Array(decision.failed);
    states[0] = 1;
    let done = 0;
    for (;;) {
      const next = new Float64Array(decision.failed);
      for (let count = 0; count < states.length; count++) {
        const mass = states[count] ?? 0;
        if (count + 1 === decision.failed) done += mass * chance;
        else next[count + 1] = (next[count + 1] ?? 0) + mass * chance;
        const stay = isRow ? 0 : count;
        next[stay] = (next[stay] ?? 0) + mass * (1 - chance);
      }
      states = next;
      yield done;
    }
  }
  const mask = 2 ** (decision.of - 1) - 1;
  let states = new Float64Array(mask + 1);
  states[0] = 1;
  let done = 0;
  for (;;) {
    const next = new Float64Array(mask + 1);
    for (let past = 0; past <= mask; past++) {
      const mass = states[past] ?? 0;
      if (mass === 0) continue;
      const failed = (past << 1) & mask;
      next[failed] = (next[failed] ?? 0) + mass * (1 - chance);
      if (bits(past) + 1 >= decision.failed) done += mass * chance;
      else next[failed | 1] = (next[failed | 1] ?? 0) + mass * chance;
    }
    states = next;
    yield done;
  }
}

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** P(the rule has decided within so many periods). */
export function decidedWithin(decision: RuleDecision, chance: number, periods: number): number {
  let period = 0;
  for (const probability of decided(decision, chance)) {
    period += 1;
    if (period >= periods) return probability;
  }
  return 0;
}

/** A bound that costs nothing, on the probability of having decided: most rules in most cells never do. */
function mostLikely(decision: RuleDecision, chance: number, periods: number): number {
  // Markov, on the number of failed periods; Boole, on the windows in which enough fail.
  if (decision.kind === "counter") return (periods * chance) / decision.failed;
  const ways = decision.of === decision.failed ? 1 : 2 ** decision.of;
  return periods * ways * chance ** decision.failed;
}

/** Periods until the rule has decided in half of all runs; undefined: more than `horizon`. */
export function medianPeriods(decision: RuleDecision, chance: number, horizon: number): number | undefined {
  if (mostLikely(decision, chance, horizon) < 0.5) return undefined;
  let period = 0;
  for (const probability of decided(decision, chance)) {
    period += 1;
    if (probability >= 0.5) return period;
    if (period >= horizon) return undefined;
  }
  return undefined;
}

/** The greatest chance of a failed period with which the rule decides within `periods` in at most this part of runs. */
export function tolerableChance(decision: RuleDecision, periods: number, falseRollbacks: number): number {
  let low = 0;
  let high = 1;
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (decidedWithin(decision, middle, periods) <= falseRollbacks) low = middle;
    else high = middle;
  }
  return low;
}
