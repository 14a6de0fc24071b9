import type { SuitePolicy } from "../../../contract/config/suite.ts";
import { check, type Check } from "../check.ts";
import type { Example } from "../golden.ts";
import { inMemory, Kept, type OpenScratch } from "../many/kept.ts";
import { listOf, mapped, type Many } from "../many/many.ts";
import { answered, type Pair, type Prediction } from "../measure.ts";
import type { Task } from "./define.ts";
import { taskFor } from "./choose.ts";
import { scoreMark } from "./text.ts";

/** What a program of the user's said: a line an answer, and what it cost, in its own words. */
export type Scored =
  | { readonly lines: readonly string[]; readonly seconds: number; readonly cost?: string }
  | { readonly why: string };

/** Starts the scorer with these lines on its standard input. Never rejects. */
export type Score = (
  command: readonly string[],
  lines: readonly string[],
  limitSeconds: number,
) => Promise<Scored>;

export interface Marked {
  readonly task: Task;
  readonly pairs: Many<Pair>;
  /** What the scorer did; absent: there is none. */
  readonly check?: Check;
  /** Why nothing is known of right and wrong; absent: it is. */
  readonly unmarked?: string;
}

/** Says of each answer how right it is. `examples` are those that were asked, in the same order. */
export async function markAll(
  pairs: Many<Pair>,
  examples: Many<Example>,
  policy: SuitePolicy,
  score: Score | undefined,
  open: OpenScratch = inMemory,
): Promise<Marked> {
  const labels = mapped(examples, ({ label }) => label);
  const task = taskFor(
    { policy, labels },
    mapped(pairs, (pair) => (pair.active ?? pair.candidate).value),
  );
  if (task.name === "text" && policy.match === "command")
    return scoreAll(task, pairs, examples, policy, score);
  const marked = (one: Prediction, label: unknown): Prediction =>
    one.status === 200 ? { ...one, ...task.mark(one.value, label) } : one;
  const all = new Kept<Pair>(open());
  for (const [index, pair] of pairs.entries()) {
    const label = examples.at(index)?.label;
    all.append(bothOf(pair, (one) => marked(one, label)));
  }
  return { task, pairs: all };
}

const bothOf = (pair: Pair, of: (one: Prediction) => Prediction): Pair => ({
  candidate: of(pair.candidate),
  active: pair.active && of(pair.active),
});

/** One run of the scorer over the answers of both slots, which cannot tell whose an answer is. */
async function scoreAll(
  task: Task,
  some: Many<Pair>,
  examples: Many<Example>,
  { scorer, scorerSeconds }: SuitePolicy,
  score: Score | undefined,
): Promise<Marked> {
  // Its program is given all answers at once.
  const pairs = listOf(some);
  const unmarked = (why: string): Marked => ({
    task,
    pairs,
    unmarked: why,
    check: check("scorer", "insufficient", why),
  });
  const asked = pairs.flatMap(({ candidate, active }, index) =>
    [candidate, active].flatMap((one) =>
      one === undefined || !answered(one) ? [] : [{ one, line: lineOf(one, examples.at(index), index) }],
    ),
  );
  if (score === undefined) return unmarked("no program can be started here");
  const said = await score(
    scorer,
    asked.map(({ line }) => line),
    scorerSeconds,
  );
  if ("why" in said) return unmarked(`the scorer ${said.why}`);
  const scores = said.lines.map(scoreOf);
  const bad = scores.findIndex((one) => one === undefined);
  if (scores.length !== asked.length)
    return unmarked(`the scorer said ${scores.length} lines for ${asked.length} answers`);
  if (bad >= 0)
    return unmarked(
      `line ${bad + 1} of the scorer is no number from 0 to 1: ${said.lines[bad]?.slice(0, 100)}`,
    );
  const marks = new Map(asked.map(({ one }, index) => [one, scoreMark(scores[index] ?? 0)]));
  const cost = said.cost === undefined ? "" : `; it says: ${said.cost}`;
  const reason = `${asked.length} answers scored in ${said.seconds.toFixed(1)} s${cost}`;
  return {
    task,
    pairs: pairs.map((pair) => bothOf(pair, (one) => ({ ...one, ...marks.get(one) }))),
    check: check("scorer", "pass", reason, { n: asked.length, seconds: said.seconds }),
  };
}

const lineOf = ({ value }: Prediction, example: Example | undefined, index: number) =>
  JSON.stringify({
    id: example?.id ?? String(index + 1),
    input: example?.request ?? example?.input,
    label: example?.label,
    answer: value,
  });

function scoreOf(line: string): number | undefined {
  const text = line.trim();
  const score = text === "" ? Number.NaN : Number(text);
  return score >= 0 && score <= 1 ? score : undefined;
}
