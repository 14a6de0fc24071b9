import type { SuiteFinding } from "../finding.ts";
import { mcnemar } from "../statistics.ts";
import type { SecondsPair } from "./slower.ts";

/** Late is what takes so many times the median of all answers, of both slots. */
const LATE = [4, 12, 40] as const;
/** And at least so much longer: users do not see less. */
const LEAST_SECONDS = 0.02;
/** A machine that has other things to do makes several in a row late: so many pairs count once. */
const BLOCK = 5;
/** As unlikely as this by chance, and it is looked at again; and then once more, and the candidate is not passed. */
const LOOK_AGAIN = 0.05;
const SUSPECT = 0.005;

interface Late {
  readonly seconds: number;
  readonly n: number;
  readonly candidate: number;
  readonly active: number;
  /** Blocks in which the candidate alone was late, and the active slot alone. */
  readonly worse: number;
  readonly better: number;
  /** Place of the candidate's last. */
  readonly last: number;
  readonly pValue: number;
}

/**
 * Whether more of the candidate's answers are late than of the active slot's: a median hides what one user in thirty waits
 * for. A busy machine looks like that as well, and cold processes do: what looks so is asked again, and that alone judges.
 */
export async function tailFinding(
  pairs: readonly SecondsPair[],
  again: () => Promise<readonly SecondsPair[]>,
): Promise<SuiteFinding | undefined> {
  const all = pairs.flatMap(({ candidate, active }) => [candidate, active]).toSorted((a, b) => a - b);
  const median = all[Math.floor(all.length / 2)];
  if (median === undefined) return undefined;
  const late = (times: number) => lateIn(pairs, Math.max(times * median, median + LEAST_SECONDS));
  const [first] = LATE.map(late).toSorted((one, other) => one.pValue - other.pValue);
  if (first === undefined) return undefined;
  const pValue = Math.min(1, LATE.length * first.pValue);
  if (pValue > LOOK_AGAIN) return findingOf(first, pValue, true, wordsOf(first));
  const second = lateIn(await again(), first.seconds);
  const isCold = second.pValue > LOOK_AGAIN && first.last < first.n / 2;
  const cold = isCold ? `, all of them among the first ${first.last + 1}: a cold start` : "";
  const words = `${wordsOf(first)}${cold}; asked again, ${wordsOf(second)}`;
  return findingOf(second, second.pValue, second.pValue > LOOK_AGAIN && !isCold, words);
}

const findingOf = (
  { n, worse, better, candidate, active, seconds }: Late,
  pValue: number,
  shownGood: boolean,
  seen: string,
): SuiteFinding => ({
  name: "latency-tail-vs-active",
  pValue,
  shownGood,
  ...(pValue > SUSPECT ? { otherwise: "warn" as const } : {}),
  seen,
  sight: "",
  missing: "which is too few to prove it",
  numbers: {
    n,
    worse,
    better,
    bound: seconds,
    value: (candidate - active) / Math.max(1, n),
    candidate: candidate / Math.max(1, n),
    active: active / Math.max(1, n),
  },
});

const wordsOf = ({ n, candidate, active, seconds }: Late) =>
  `${candidate} of ${n} answers take longer than ${(1000 * seconds).toFixed(0)} ms, and ${active} of the active slot's`;

/** What is late depends on both slots alike, so the test is exact for each bound. */
function lateIn(pairs: readonly SecondsPair[], seconds: number): Late {
  const n = pairs.length;
  let [candidate, active, worse, better, last] = [0, 0, 0, 0, 0];
  for (let at = 0; at < n; at += BLOCK) {
    const [ofCandidate, ofActive] = [candidate, active];
    for (const [nth, pair] of pairs.slice(at, at + BLOCK).entries()) {
      if (pair.candidate > seconds) [candidate, last] = [candidate + 1, at + nth];
      if (pair.active > seconds) active += 1;
    }
    const [own, other] = [candidate > ofCandidate, active > ofActive];
    worse += Number(own && !other);
    better += Number(other && !own);
  }
  return { seconds, n, candidate, active, worse, better, last, pValue: mcnemar({ n, worse, better }) };
}
