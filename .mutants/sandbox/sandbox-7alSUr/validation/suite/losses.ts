import type { SuitePolicy } from "../../contract/config/suite.ts";
import { differencesNeeded, meanAbove, meanLimit } from "../core/betting.ts";
import { CONFIDENCE, type SuiteFinding } from "./finding.ts";
import type { Many } from "./many/many.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import type { Task } from "./tasks/define.ts";
import { mean } from "./tasks/values.ts";

/** How wrong an answer is; where its task tells no more, a wrong one is as wrong as can be. */
export const lossOf = ({ loss, right }: Prediction) => loss ?? (right ? 0 : 1);

/** How wrong the candidate is on average, by itself and beside the active slot; nothing where right and wrong is all. */
export function lossFindings(pairs: Many<Pair>, task: Task, policy: SuitePolicy): readonly SuiteFinding[] {
  if (task.lossOf === undefined) return [];
  const own: number[] = [];
  const [ofCandidate, ofActive]: [number[], number[]] = [[], []];
  let [hasLoss, hasActive] = [false, false];
  for (const { candidate, active } of pairs) {
    hasActive ||= active !== undefined;
    if (!answered(candidate)) continue;
    hasLoss ||= (candidate.loss ?? active?.loss) !== undefined;
    own.push(lossOf(candidate));
    if (active === undefined || !answered(active)) continue;
    ofCandidate.push(lossOf(candidate));
    ofActive.push(lossOf(active));
  }
  if (own.length > 0 && !hasLoss) return [];
  const alone = absolute(own, task.lossOf, policy);
  return hasActive ? [alone, beside({ candidate: ofCandidate, active: ofActive }, policy)] : [alone];
}

const shown = (loss: number) => loss.toFixed(3);

function absolute(losses: readonly number[], what: string, { maxLoss }: SuitePolicy): SuiteFinding {
  const n = losses.length;
  const limit = n === 0 ? 1 : meanLimit(losses, CONFIDENCE);
  const value = n === 0 ? 1 : mean(losses);
  return {
    name: "loss",
    pValue: meanAbove(losses, maxLoss),
    shownGood: n > 0 && limit <= maxLoss,
    seen: `mean loss ${shown(value)} of ${n} answers (1 is ${what}), allowed are ${shown(maxLoss)}`,
    sight: `at most ${shown(limit)} is shown`,
    missing: `at most ${shown(maxLoss)} must be`,
    needed: () => differencesNeeded(losses, maxLoss, CONFIDENCE),
    numbers: { n, value, limit, bound: maxLoss, candidate: value },
  };
}

/** Of the same answers, in the same order. */
export interface BothLosses {
  readonly candidate: readonly number[];
  readonly active: readonly number[];
}

/** The test of an added loss, for all examples or a part of them. */
export function addedLoss(both: BothLosses, { lossMargin }: Pick<SuitePolicy, "lossMargin">) {
  const differences = both.candidate.map((loss, place) => loss - (both.active[place] ?? 0));
  const n = differences.length;
  const ofCandidate = n === 0 ? 0 : mean(both.candidate);
  const ofActive = n === 0 ? 0 : mean(both.active);
  return {
    differences,
    pValue: meanAbove(differences, lossMargin),
    limit: n === 0 ? 1 : meanLimit(differences, CONFIDENCE),
    seen: `mean loss ${shown(ofCandidate)} compared with ${shown(ofActive)}`,
    numbers: {
      n,
      value: ofCandidate - ofActive,
      candidate: ofCandidate,
      active: ofActive,
      margin: lossMargin,
    },
  };
}

function beside(both: BothLosses, policy: SuitePolicy): SuiteFinding {
  const { lossMargin, lossSight } = policy;
  const { differences, pValue, limit, seen, numbers } = addedLoss(both, policy);
  return {
    name: "loss-vs-active",
    pValue,
    shownGood: differences.length > 0 && limit <= lossSight,
    seen: `${seen} of ${differences.length} answers, allowed are ${shown(lossMargin)} more`,
    sight: `an added loss of ${shown(Math.max(0, limit))} would have shown`,
    missing: `one of ${shown(lossSight)} must`,
    needed: () => differencesNeeded(differences, lossSight, CONFIDENCE),
    numbers: { ...numbers, limit, bound: lossSight },
  };
}
