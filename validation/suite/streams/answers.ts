import type { SuiteFinding } from "../finding.ts";
import type { Example } from "../golden.ts";
import type { Before } from "../load/changed.ts";
import type { Many } from "../many/many.ts";
import { answered } from "../measure.ts";
import { mcnemar } from "../statistics.ts";
import type { StreamSeen } from "./one-stream.ts";

/** Texts are other words now and then; so much longer or shorter something was lost or said twice. */
const LONGER = 1.5;
/** One stream in so many may be another answer than the whole one: texts are drawn. */
const MARGIN = 0.005;
/** As unlikely as this by chance, and the candidate is not passed; and worth a warning. */
const SUSPECT = 0.001;
const WORTH_A_WARNING = 0.05;

export interface StreamOfExample {
  /** Of the example. */
  readonly place: number;
  readonly candidate: StreamSeen;
  readonly active: StreamSeen | undefined;
}

/** Whether a stream says what the same slot has said in one piece: nothing lost, nothing twice, and nothing else. */
export function streamAnswers(
  pairs: readonly StreamOfExample[],
  examples: Many<Example>,
  before: Before,
): readonly SuiteFinding[] {
  let [n, worse, better, candidate, active] = [0, 0, 0, 0, 0];
  let such: string | undefined;
  for (const { place, candidate: own, active: other } of pairs) {
    const mine = fault(own, "candidate", place, examples, before);
    const theirs = other && fault(other, "active", place, examples, before);
    if (mine === undefined || theirs === undefined) continue;
    n += 1;
    // What the active slot counts, too, clients read.
    const isMine = mine !== "" || (own.tokens === undefined && other?.tokens !== undefined);
    const isTheirs = theirs !== "" || (other?.tokens === undefined && own.tokens !== undefined);
    if (isMine && !isTheirs) such ??= mine === "" ? "no usage in it" : mine;
    candidate += Number(isMine);
    active += Number(isTheirs);
    worse += Number(isMine && !isTheirs);
    better += Number(!isMine && isTheirs);
  }
  if (n === 0) return [];
  const pValue = mcnemar({ n, worse, better }, MARGIN);
  return [
    {
      name: "stream-answers-vs-active",
      pValue,
      shownGood: pValue > WORTH_A_WARNING,
      ...(pValue > SUSPECT ? { otherwise: "warn" as const } : {}),
      seen: `${candidate} of ${n} streams say another thing than the same answer in one piece${such === undefined ? "" : ` (such as ${such})`}, and ${active} of the active slot's`,
      sight: "",
      missing: "which is too few to prove it",
      numbers: {
        n,
        worse,
        better,
        value: candidate / n,
        bound: MARGIN,
        candidate: candidate / n,
        active: active / n,
      },
    },
  ];
}

/** What is wrong with a stream, in words; empty: nothing. undefined: it was not whole, or nobody knows what it should say. */
function fault(
  { end, text }: StreamSeen,
  side: "candidate" | "active",
  place: number,
  examples: Many<Example>,
  { pairs, task }: Before,
): string | undefined {
  const whole = pairs.at(place)?.[side];
  if (end !== "whole" || task === undefined || whole === undefined || !answered(whole)) return undefined;
  if (typeof whole.value !== "string") return undefined;
  const isRight = task.mark(text, examples.at(place)?.label).right;
  const length = text.length / Math.max(1, whole.value.length);
  const isOther = (whole.right && !isRight) || length > LONGER || length < 1 / LONGER;
  return isOther ? `${quoted(text)} for ${quoted(whole.value)}` : "";
}

const quoted = (text: string) =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text);
