import { check, type Check } from "../check.ts";
import { digits } from "../finding.ts";
import type { Example } from "../golden.ts";
import type { Many } from "../many/many.ts";
import { answered, type Pair } from "../measure.ts";
import type { Task } from "../tasks/define.ts";
import { numberOf, standardDeviation } from "../tasks/values.ts";

/** So many times as wrong as the active slot ever is, and as the candidate is in nine answers of ten. */
const OF_WORST = 3;
const OF_USUAL = 5;
const USUAL = 0.9;
/** One may be an example that is like no other. */
const LEAST = 2;

/**
 * Whether numbers are wrong beyond anything that either slot is otherwise. A mean of 400 does not feel six answers that
 * overflowed, or fell back to 0. None where there is no other slot, or no regression.
 */
export function grossErrors(pairs: Many<Pair>, examples: Many<Example>, task: Task): readonly Check[] {
  if (task.name !== "regression") return [];
  const [own, labels]: [{ error: number; place: number }[], number[]] = [[], []];
  let worst = 0;
  for (const [place, { candidate, active }] of pairs.entries()) {
    const label = numberOf(examples.at(place)?.label);
    if (label === undefined || active === undefined || !answered(candidate) || !answered(active)) continue;
    const [mine, theirs] = [numberOf(candidate.value), numberOf(active.value)];
    if (mine === undefined || theirs === undefined) continue;
    labels.push(label);
    own.push({ error: Math.abs(mine - label), place });
    worst = Math.max(worst, Math.abs(theirs - label));
  }
  const n = own.length;
  const descending = own.toSorted((a, b) => b.error - a.error);
  const usual = descending[Math.floor((1 - USUAL) * n)]?.error;
  if (usual === undefined) return [];
  const bound = Math.max(OF_WORST * worst, OF_USUAL * usual, standardDeviation(labels));
  const gross = descending.filter(({ error }) => error > bound);
  const numbers = { n, value: gross.length, bound };
  const [first] = gross;
  if (first === undefined)
    return [
      check("gross-errors", "pass", `none of ${n} answers is wrong by more than ${digits(bound)}`, numbers),
    ];
  const said = `${digits(numberOf(pairs.at(first.place)?.candidate.value) ?? Number.NaN)} for ${JSON.stringify(examples.at(first.place)?.label)}`;
  const reason = `${gross.length} of ${n} answers are wrong by more than ${digits(bound)}, and no other answer of either slot (${said})`;
  return [check("gross-errors", gross.length < LEAST ? "warn" : "fail", reason, numbers)];
}
