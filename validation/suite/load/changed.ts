import { differs } from "../behaviour/differs.ts";
import type { Example } from "../golden.ts";
import { picked, type Many } from "../many/many.ts";
import { answered, type Pair } from "../measure.ts";
import type { Task } from "../tasks/define.ts";
import { numberOf, numbersOf, standardDeviation, sum } from "../tasks/values.ts";

/** What both slots have answered to one example at a time; without a task nobody knows when two answers are two. */
export interface Before {
  readonly pairs: Many<Pair>;
  readonly task: Task | undefined;
}

/** Numbers that are no further apart than this, of their spread or of their length, are one answer. */
const APART = 0.05;

/**
 * Says whether a value is another answer than the slot gave to the example of this place before; undefined: it gave none.
 * Texts may be other words each time: of them one counts that was right and is not any more.
 */
export function changedBy({ pairs, task }: Before, examples: Many<Example>) {
  const numbers = [...picked(pairs, ({ candidate }) => numberOf(candidate.value))];
  const spread = numbers.length < 2 ? 0 : standardDeviation(numbers);
  return (side: "candidate" | "active", place: number, value: unknown): boolean | undefined => {
    const before = pairs.at(place)?.[side];
    if (task === undefined || before === undefined || !answered(before)) return undefined;
    const mark = task.mark(value, examples.at(place)?.label);
    if (task.name === "text") return before.right && !mark.right;
    if (before.category !== mark.category) return true;
    return isApart(before.value, value, before.category === undefined ? spread : 0);
  };
}

function isApart(before: unknown, after: unknown, spread: number): boolean {
  const [a, b] = [numbersOf(before), numbersOf(after)];
  if (a !== undefined && b !== undefined && a.length === b.length) {
    const lengthOf = (list: readonly number[]) => Math.sqrt(sum(list.map((one) => one * one)));
    return lengthOf(a.map((one, at) => one - (b[at] ?? 0))) > APART * Math.max(lengthOf(a), lengthOf(b));
  }
  const [one, other] = [numberOf(before), numberOf(after)];
  if (one !== undefined && other !== undefined && spread > 0) return Math.abs(one - other) > APART * spread;
  return differs(before, after);
}
