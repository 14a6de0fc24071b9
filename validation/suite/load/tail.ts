import type { SuiteFinding } from "../finding.ts";
import { mcnemar } from "../statistics.ts";
import type { SecondsPair } from "./slower.ts";

/** Late is what takes so many times the median of all answers, of both slots. */
const LATE = [4, 12, 40] as const;
/** And at least so much longer: users do not see less. */
const LEAST_SECONDS = 0.02;
/** As unlikely as this by chance, and the candidate is not passed; and worth a warning. */
const SUSPECT = 0.001;
const WORTH_A_WARNING = 0.05;

/**
 * Whether more of the candidate's answers are late than of the active slot's: a median hides what one user in thirty waits
 * for. What is late depends on both slots alike, so McNemar's test stays exact for each of the three.
 */
export function tailFinding(pairs: readonly SecondsPair[]): SuiteFinding | undefined {
  const n = pairs.length;
  const all = pairs.flatMap(({ candidate, active }) => [candidate, active]).toSorted((a, b) => a - b);
  const median = all[Math.floor(all.length / 2)];
  if (median === undefined) return undefined;
  const [first] = LATE.map((times) =>
    lateBy(pairs, Math.max(times * median, median + LEAST_SECONDS)),
  ).toSorted((one, other) => one.pValue - other.pValue);
  if (first === undefined) return undefined;
  const pValue = Math.min(1, LATE.length * first.pValue);
  const { seconds, candidate, active, worse, better, last } = first;
  // A process that has only begun is slow at first.
  const cold = pValue <= WORTH_A_WARNING && last < n / 2 ? `, all of them among the first ${last + 1}` : "";
  return {
    name: "latency-tail-vs-active",
    pValue,
    shownGood: pValue > WORTH_A_WARNING,
    ...(pValue > SUSPECT ? { otherwise: "warn" as const } : {}),
    seen: `${candidate} of ${n} answers take longer than ${(1000 * seconds).toFixed(0)} ms${cold}, and ${active} of the active slot's`,
    sight: "",
    missing: "which is too few to prove it",
    numbers: { n, worse, better, value: candidate / n, candidate: candidate / n, active: active / n },
  };
}

function lateBy(pairs: readonly SecondsPair[], seconds: number) {
  let [candidate, active, worse, better, last] = [0, 0, 0, 0, 0];
  for (const [place, pair] of pairs.entries()) {
    const [own, other] = [pair.candidate > seconds, pair.active > seconds];
    candidate += Number(own);
    active += Number(other);
    worse += Number(own && !other);
    better += Number(other && !own);
    if (own) last = place;
  }
  return {
    seconds,
    candidate,
    active,
    worse,
    better,
    last,
    pValue: mcnemar({ n: pairs.length, worse, better }),
  };
}
