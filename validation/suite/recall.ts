import type { SuitePolicy } from "../../contract/config/suite.ts";
import { percent, short, type SuiteFinding } from "./finding.ts";
import type { Example } from "./golden.ts";
import type { Many } from "./many/many.ts";
import { answered, type Pair } from "./measure.ts";
import { mcnemar } from "./statistics.ts";
import type { Task } from "./tasks/define.ts";

/** As unlikely as this by chance, and the candidate is not passed; and worth a warning. */
const SUSPECT = 0.001;
const WORTH_A_WARNING = 0.05;

/**
 * Whether the candidate finds less of any one class than the active slot. A threshold that has moved loses most of a rare
 * class, and of all answers hardly any.
 */
export function recallFinding(
  pairs: Many<Pair>,
  examples: Many<Example>,
  task: Task,
  { accuracyMargin }: Pick<SuitePolicy, "accuracyMargin">,
): readonly SuiteFinding[] {
  if (task.categoryOf === undefined) return [];
  const classes = new Map<
    string,
    { n: number; worse: number; better: number; candidate: number; active: number }
  >();
  for (const [place, { candidate, active }] of pairs.entries()) {
    const name = task.categoryOf(examples.at(place)?.label);
    if (name === undefined || active === undefined || !answered(candidate) || !answered(active)) continue;
    const one = classes.get(name) ?? { n: 0, worse: 0, better: 0, candidate: 0, active: 0 };
    classes.set(name, one);
    one.n += 1;
    one.candidate += Number(candidate.right);
    one.active += Number(active.right);
    one.worse += Number(active.right && !candidate.right);
    one.better += Number(candidate.right && !active.right);
  }
  const [first] = [...classes]
    .map(([name, seen]) => ({ name, ...seen, each: mcnemar(seen, accuracyMargin) }))
    .toSorted((one, other) => one.each - other.each);
  // All that there is of a single class is its accuracy.
  if (first === undefined || classes.size < 2) return [];
  const { name, n, worse, better, candidate, active, each } = first;
  // Any of the classes may be the one that is lost.
  const pValue = Math.min(1, classes.size * each);
  const isSeen = pValue <= WORTH_A_WARNING;
  const [own, other] = [candidate / n, active / n];
  return [
    {
      name: "recall-vs-active",
      pValue,
      shownGood: !isSeen,
      ...(pValue > SUSPECT ? { otherwise: "warn" as const } : {}),
      seen: isSeen
        ? `of ${n} that are ${short(name)} ${percent(own)} are found, compared with ${percent(other)}`
        : `of none of ${classes.size} classes is less found than by the active slot`,
      sight: "",
      missing: "which is too few to prove it",
      numbers: {
        n,
        worse,
        better,
        value: own - other,
        candidate: own,
        active: other,
        margin: accuracyMargin,
      },
    },
  ];
}
