import type { SuitePolicy } from "../../contract/config/suite.ts";
import { check, type Check } from "./check.ts";
import { count } from "./many/many.ts";
import type { Prediction } from "./measure.ts";
import { upperLimit, upperTail } from "./statistics.ts";

/** What a check shows, it shows with this confidence. */
export const CONFIDENCE = 0.95;

/** A statistical check before the verdict: whether it is proven bad depends on the other checks, too. */
export interface SuiteFinding {
  readonly name: string;
  /** How likely such numbers are if the candidate is no worse than the bound. */
  readonly pValue: number;
  /** Whether it is shown, with 95 % confidence, that the candidate is not as bad as it must not be. */
  readonly shownGood: boolean;
  /** What it is when it is neither proven bad nor shown good; absent: insufficient. */
  readonly otherwise?: "warn";
  readonly seen: string;
  /** The smallest difference that these numbers would have shown. */
  readonly sight: string;
  /** What keeps it from being shown good, when that is so. */
  readonly missing: string;
  /**
   * How many examples would show it good, if they were like these; undefined: no number of them, for what was seen is
   * not good enough. Absent: it is not known.
   */
  readonly needed?: (() => number | undefined) | undefined;
  /** `n`, `value` (what is judged), `bound`, and where there are two slots `candidate` and `active`. */
  readonly numbers: Check["numbers"];
}

export function verdict(finding: SuiteFinding, provenBad: boolean): Check {
  const { name, pValue, shownGood, otherwise, seen, sight, missing, numbers } = finding;
  const all = { ...numbers, pValue };
  if (provenBad) return check(name, "fail", seen, all);
  if (shownGood) return check(name, "pass", joined(seen, sight), all);
  if (otherwise !== undefined) return check(name, otherwise, `${joined(seen, sight)}, ${missing}`, all);
  const { words, lacking } = lackOf(finding);
  const told = lacking === undefined ? all : { ...all, lacking };
  return check(name, "insufficient", `${joined(seen, sight)}, ${missing}${words}`, told);
}

const joined = (seen: string, sight: string) => (sight === "" ? seen : `${seen}; ${sight}`);

function lackOf({ needed, numbers }: SuiteFinding): { readonly words: string; readonly lacking?: number } {
  if (needed === undefined) return { words: "" };
  const wanted = needed();
  if (wanted === undefined) return { words: "; with such answers no number of examples would show it" };
  const lacking = Math.max(1, wanted - (numbers["n"] ?? 0));
  return { words: `; about ${lacking} more examples would`, lacking };
}

/** Beyond this nobody has so many examples. */
const MOST_EXAMPLES = 1_000_000;

/** The smallest number of examples, at least `from`, with which a check would pass; `isShown` stays true once it is. */
export function examplesNeeded(from: number, isShown: (n: number) => boolean): number | undefined {
  let high = Math.max(10, from);
  while (!isShown(high)) {
    if (high >= MOST_EXAMPLES) return undefined;
    high *= 2;
  }
  let low = high > Math.max(10, from) ? Math.floor(high / 2) : 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isShown(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Answers of both slots to the same example. */
export interface BothOf {
  readonly candidate: Prediction;
  readonly active: Prediction;
}
export type BothAnswers = Iterable<BothOf>;

/** In how many pairs one side alone was bad. */
export function discordant(pairs: BothAnswers, isBad: (one: Prediction) => boolean) {
  let [n, worse, better] = [0, 0, 0];
  for (const { candidate, active } of pairs) {
    n += 1;
    const [own, other] = [isBad(candidate), isBad(active)];
    if (own && !other) worse += 1;
    if (!own && other) better += 1;
  }
  return { n, worse, better };
}

/** Below 0 the candidate is shown to be better. */
export const lossSeen = (limit: number) =>
  limit <= 0 ? "any loss would have shown" : `a loss of ${points(limit)} would have shown`;

/** So much of a number that people can tell two apart. */
export const digits = (value: number) => Number(value.toPrecision(4));

/** So much of a name that its line can still be read. */
export const short = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

export const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;
export const points = (difference: number) => `${(difference * 100).toFixed(1)} points`;
export { count };

/** How many examples it takes when so many of n are bad; undefined: more of them would not help. */
export function rateNeeded(
  n: number,
  bad: number,
  bound: number,
  isShown: (m: number, k: number) => boolean,
) {
  if (n === 0 || bad / n >= bound) return undefined;
  return examplesNeeded(n, (m) => isShown(m, Math.ceil((bad * m) / n)));
}

interface Failed {
  readonly n: number;
  readonly failed: number;
  /** What the first of them was; undefined: none failed. */
  readonly such: string | undefined;
}

/** Whether more requests fail than `suite.maxFailureRate` allows. */
export function tooManyFailed(
  name: string,
  what: string,
  { maxFailureRate }: Pick<SuitePolicy, "maxFailureRate">,
  { n, failed, such }: Failed,
): SuiteFinding {
  const limit = upperLimit(n, failed, CONFIDENCE);
  const words = such === undefined ? "" : ` (such as ${such})`;
  return {
    name,
    pValue: upperTail(n, failed, maxFailureRate),
    shownGood: limit <= maxFailureRate,
    seen: `${failed} of ${n} ${what}${words}, allowed are ${percent(maxFailureRate)}`,
    sight: `at most ${percent(limit)} is shown`,
    missing: `at most ${percent(maxFailureRate)} must be`,
    needed: () =>
      rateNeeded(n, failed, maxFailureRate, (m, k) => upperLimit(m, k, CONFIDENCE) <= maxFailureRate),
    numbers: { n, failed, value: n === 0 ? 0 : failed / n, limit, bound: maxFailureRate },
  };
}
