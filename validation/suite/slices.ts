import type { SuitePolicy } from "../../contract/config/suite.ts";
import { check, type Check } from "./check.ts";
import {
  CONFIDENCE,
  discordant,
  percent,
  points,
  type BothAnswers,
  type BothOf,
  type SuiteFinding,
} from "./finding.ts";
import type { Example } from "./golden.ts";
import { addedLoss, lossOf } from "./losses.ts";
import { count, picked, some, type Many } from "./many/many.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import { differenceLimit, mcnemar } from "./statistics.ts";

/** A slice in which this is likely by chance is not worth a warning. */
const WORTH_A_WARNING = 0.05;

/**
 * Every slice that is large enough, beside the active slot: a candidate that is better on the whole may be worse in one
 * country. A slice has fewer examples than the whole, so what is not proven there does not keep it from passing.
 */
export function sliceFindings(
  pairs: Many<Pair>,
  examples: Many<Example>,
  judgesRight: boolean,
  policy: SuitePolicy,
): readonly SuiteFinding[] {
  if (!some(pairs, ({ active }) => active !== undefined)) return [];
  return [...slicesOf(examples)].flatMap(([name, places]) => {
    if (places.length < policy.minSlice) return [];
    const both = picked(places, (place) => bothAsked(pairs.at(place)));
    return [judgesRight ? byRight(name, both, policy) : byLoss(name, both, policy)];
  });
}

/** Names of the checks of all slices that are large enough. */
export const sliceChecks = (examples: Many<Example>, { minSlice }: SuitePolicy): readonly string[] =>
  [...slicesOf(examples)].flatMap(([name, { length }]) => (length < minSlice ? [] : [`slice ${name}`]));

/** Slices that have too few examples to be compared by themselves; they are in the whole all the same. */
export function smallSlices(examples: Many<Example>, { minSlice }: SuitePolicy): readonly Check[] {
  const small = [...slicesOf(examples)].filter(([, places]) => places.length < minSlice);
  if (small.length === 0) return [];
  const named = small.slice(0, 10).map(([name, { length }]) => `${name} (${minSlice - length} more)`);
  const more = small.length > named.length ? ` and ${small.length - named.length} more slices` : "";
  const why = `too small to be compared by themselves, ${minSlice} examples are needed: ${named.join(", ")}${more}`;
  return [check("slices", "warn", why, { n: small.length, bound: minSlice })];
}

/** The places of the examples of each slice, in the order in which the slices come. */
function slicesOf(examples: Many<Example>): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [place, { slice = {} }] of examples.entries()) {
    for (const [name, value] of Object.entries(slice)) {
      const key = `${name}=${value}`;
      const places = found.get(key);
      if (places === undefined) found.set(key, [place]);
      else places.push(place);
    }
  }
  return found;
}

/** Who is not answered in a slice has no right answer there; `failures` looks at all users, of whom a slice may be few. */
function bothAsked(pair: Pair | undefined): BothOf | undefined {
  return pair?.active === undefined ? undefined : { candidate: pair.candidate, active: pair.active };
}

const isRight = (one: Prediction) => answered(one) && one.right;
const lossIn = (one: Prediction) => (answered(one) ? lossOf(one) : 1);

function byRight(
  slice: string,
  both: BothAnswers,
  { accuracyMargin, accuracySight }: SuitePolicy,
): SuiteFinding {
  const seen = discordant(both, (one) => !isRight(one));
  const { n, worse, better } = seen;
  const change = n === 0 ? 0 : (better - worse) / n;
  const rightOf = (side: "candidate" | "active") =>
    n === 0 ? 0 : count(both, (pair) => isRight(pair[side])) / n;
  const [candidate, active] = [rightOf("candidate"), rightOf("active")];
  const limit = differenceLimit(seen, CONFIDENCE);
  const isSuspect = -change > accuracySight && mcnemar(seen) <= WORTH_A_WARNING;
  return {
    name: `slice ${slice}`,
    pValue: mcnemar(seen, accuracyMargin),
    shownGood: !isSuspect,
    otherwise: "warn",
    seen: `${percent(candidate)} of ${n} answers are right, compared with ${percent(active)}`,
    sight: `a loss of ${points(Math.max(0, limit))} would have shown`,
    missing: `${points(-change)} are lost, which is not proven`,
    numbers: {
      n,
      worse,
      better,
      value: change,
      candidate,
      active,
      limit,
      margin: accuracyMargin,
      bound: accuracySight,
    },
  };
}

function byLoss(slice: string, both: BothAnswers, policy: SuitePolicy): SuiteFinding {
  const losses = {
    candidate: [...picked(both, ({ candidate }) => lossIn(candidate))],
    active: [...picked(both, ({ active }) => lossIn(active))],
  };
  const { pValue, limit, seen, numbers } = addedLoss(losses, policy);
  const isSuspect = numbers.value > policy.lossSight && pValue <= WORTH_A_WARNING;
  return {
    name: `slice ${slice}`,
    pValue,
    shownGood: !isSuspect,
    otherwise: "warn",
    seen: `${seen} of ${numbers.n} answers`,
    sight: `an added loss of ${Math.max(0, limit).toFixed(3)} would have shown`,
    missing: "which is not proven",
    numbers: { ...numbers, limit, bound: policy.lossSight },
  };
}
