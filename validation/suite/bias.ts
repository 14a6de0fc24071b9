import type { SuitePolicy } from "../../contract/config/suite.ts";
import { meanAbove } from "../core/betting.ts";
import type { SuiteFinding } from "./finding.ts";
import { picked } from "./many/many.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import { mean } from "./tasks/values.ts";

/** What is as likely as this by chance is not worth a warning. */
const WORTH_A_WARNING = 0.05;

/**
 * Whether the candidate's answers are all too high, or all too low, by more than the active slot's. A loss shows that
 * only where a model is exact; errors with their signs show it also where both are far off. |b| > |a| + margin for a
 * sign s of b is s·b - a > margin and s·b + a > margin: the less clear of the two decides, and either sign may be it.
 */
export function biasFindings(pairs: Iterable<Pair>, { lossMargin }: SuitePolicy): readonly SuiteFinding[] {
  const both = picked(pairs, ({ candidate, active }) =>
    active !== undefined && answered(candidate) && answered(active) ? errorsOf(candidate, active) : undefined,
  );
  const own: number[] = [];
  const others: number[] = [];
  for (const { candidate, active } of both) {
    own.push(candidate);
    others.push(active);
  }
  const n = own.length;
  if (n === 0) return [];
  // Halved, so that a sum of two errors lies between -1 and 1.
  const above = (sign: number, ofActive: number) =>
    meanAbove(
      own.map((error, place) => (sign * error + ofActive * (others[place] ?? 0)) / 2),
      lossMargin / 2,
    );
  const [high, low] = [1, -1].map((sign) => Math.max(above(sign, -1), above(sign, 1)));
  const pValue = Math.min(1, 2 * Math.min(high ?? 1, low ?? 1));
  const candidate = mean(own);
  const active = mean(others);
  const value = Math.abs(candidate) - Math.abs(active);
  return [
    {
      name: "bias-vs-active",
      pValue,
      shownGood: pValue > WORTH_A_WARNING,
      otherwise: "warn",
      seen: `mean error ${shown(candidate)} compared with ${shown(active)} of ${n} answers, in standard deviations of the labels`,
      sight: "",
      missing: "too few to prove it",
      numbers: { n, value, candidate, active, bound: lossMargin },
    },
  ];
}

const errorsOf = ({ error: candidate }: Prediction, { error: active }: Prediction) =>
  candidate === undefined || active === undefined ? undefined : { candidate, active };

/** Errors are in halves of what people read. */
const shown = (error: number) => `${error < 0 ? "" : "+"}${(2 * error).toFixed(3)}`;
