import type { SuitePolicy } from "../../contract/config/suite.ts";
import { differencesNeeded, meanAbove, meanLimit } from "../core/betting.ts";
import { CONFIDENCE, type SuiteFinding } from "./finding.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import type { Task } from "./tasks/define.ts";
import { mean } from "./tasks/values.ts";

/** How wrong an answer is; where its task tells no more, a wrong one is as wrong as can be. */
export const lossOf = ({ loss, right }: Prediction) => loss ?? (right ? 0 : 1);

/** How wrong the candidate is on average, by itself and beside the active slot; nothing where right and wrong is all. */
export function lossFindings(
  pairs: readonly Pair[],
  task: Task,
  policy: SuitePolicy,
): readonly SuiteFinding[] {
  const given = pairs.filter(({ candidate }) => answered(candidate));
  const hasLoss = given.some(({ candidate, active }) => (candidate.loss ?? active?.loss) !== undefined);
  if (task.lossOf === undefined || (given.length > 0 && !hasLoss)) return [];
  const both = given.flatMap(({ candidate, active }) =>
    active === undefined || !answered(active)
      ? []
      : [{ candidate: lossOf(candidate), active: lossOf(active) }],
  );
  const alone = absolute(
    given.map(({ candidate }) => lossOf(candidate)),
    task.lossOf,
    policy,
  );
  return pairs.some(({ active }) => active !== undefined) ? [alone, beside(both, policy)] : [alone];
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

type Losses = readonly { readonly candidate: number; readonly active: number }[];

/** The test of an added loss, for all examples or a part of them. */
export function addedLoss(both: Losses, { lossMargin }: Pick<SuitePolicy, "lossMargin">) {
  const differences = both.map(({ candidate, active }) => candidate - active);
  const n = differences.length;
  const ofCandidate = n === 0 ? 0 : mean(both.map(({ candidate }) => candidate));
  const ofActive = n === 0 ? 0 : mean(both.map(({ active }) => active));
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

function beside(both: Losses, policy: SuitePolicy): SuiteFinding {
  const { lossMargin, lossSight } = policy;
  const { differences, pValue, limit, seen, numbers } = addedLoss(both, policy);
  return {
    name: "loss-vs-active",
    pValue,
    shownGood: both.length > 0 && limit <= lossSight,
    seen: `${seen} of ${both.length} answers, allowed are ${shown(lossMargin)} more`,
    sight: `an added loss of ${shown(Math.max(0, limit))} would have shown`,
    missing: `one of ${shown(lossSight)} must`,
    needed: () => differencesNeeded(differences, lossSight, CONFIDENCE),
    numbers: { ...numbers, limit, bound: lossSight },
  };
}
