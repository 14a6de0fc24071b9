import type { Example } from "./golden.ts";
import { lossOf } from "./losses.ts";
import { picked, some, type Many } from "./many/many.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import type { Task } from "./tasks/define.ts";

type Measures = Readonly<Record<string, number>>;

/** What people know models of this kind by; no check of its own. */
export interface Measured {
  readonly task: string;
  readonly candidate: Measures;
  /** Absent: there is no slot to compare with. */
  readonly active?: Measures;
}

/** An example that the candidate answers wrongly, with both answers. */
export interface WorstExample {
  /** As its author calls it, or its place in the golden set from 1. */
  readonly id: string;
  readonly input: string;
  readonly label: string;
  readonly candidate: string;
  /** Absent: there is no slot to compare with. */
  readonly active?: string;
}

interface Seen {
  readonly task: Task;
  readonly examples: Many<Example>;
  readonly unmarked?: string;
}

export function measuredOf(pairs: Many<Pair>, { task, examples, unmarked }: Seen): Measured {
  const of = (side: "candidate" | "active"): Measures => {
    const answers = picked(pairs, (pair, place) => {
      const one = pair[side];
      if (one === undefined || !answered(one)) return undefined;
      return { value: one.value, label: examples.at(place)?.label, mark: one };
    });
    return unmarked === undefined ? task.measures(answers) : {};
  };
  const hasActive = some(pairs, ({ active }) => active !== undefined);
  return { task: task.name, candidate: of("candidate"), ...(hasActive ? { active: of("active") } : {}) };
}

const MOST_SHOWN = 5;
/** Enough of an answer to know it by, in characters. */
const SHOWN = 300;

/** First what only the candidate gets wrong, then by how wrong it is; nothing that it gets right. */
export function worstOf(pairs: Iterable<Pair>, examples: Many<Example>): readonly WorstExample[] {
  const wrongness = (one: Prediction) => (answered(one) ? lossOf(one) : 2);
  const wrong = picked(pairs, ({ candidate, active }, place) => {
    const own = wrongness(candidate);
    if (own <= 0 || (answered(candidate) && candidate.right)) return undefined;
    return { candidate, active, place, own, more: own - (active === undefined ? 0 : wrongness(active)) };
  });
  type Wrong = typeof wrong extends Iterable<infer One> ? One : never;
  let worst: readonly Wrong[] = [];
  for (const one of wrong) {
    // The sort is stable: of those that are as bad the first stay.
    worst = [...worst, one].toSorted((a, b) => b.more - a.more || b.own - a.own).slice(0, MOST_SHOWN);
  }
  return worst.map(({ candidate, active, place }) => {
    const example = examples.at(place);
    return {
      id: example?.id ?? String(place + 1),
      input: short(JSON.stringify(example?.request ?? example?.input)),
      label: short(JSON.stringify(example?.label)),
      candidate: answerOf(candidate),
      ...(active === undefined ? {} : { active: answerOf(active) }),
    };
  });
}

/** What was predicted; where nothing was, what was said. */
const answerOf = (one: Prediction) => (answered(one) ? short(JSON.stringify(one.value)) : one.said);

const short = (text = "nothing") => (text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text);
