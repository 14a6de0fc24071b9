import { isRecord } from "../../contract/config/field.ts";
import { jsonOf, type Question, type Reply } from "../protocols/ask.ts";
import { readOf, type Speaker } from "../protocols/speaker.ts";
import { differs, flips } from "../suite/behaviour/differs.ts";

/** Members of an answer that are each time another, or the version's: they say nothing of what was predicted. */
const NOT_THE_ANSWER = new Set([
  "created",
  "id",
  "latencyMs",
  "model",
  "model_version",
  "modelVersion",
  "request_id",
  "requestId",
  "system_fingerprint",
  "timestamp",
  "usage",
  "version",
]);

/** Whether an answer is none: no user would have been served. */
export const isFailed = ({ status }: Reply): boolean => status === 0 || status >= 500;

/** What was asked, and when two answers are one. */
export interface Alike {
  readonly question: Question;
  /** Numbers nearer than this are one answer, and so are scores with the same highest; undefined: only what rounding explains. */
  readonly within: number | undefined;
}

/**
 * Whether two answers to the same request are two: by what the protocol reads as the prediction, and where that is not
 * one prediction, by the whole answer without its version and its ids. Another status is another answer.
 */
export function areTwo(
  first: { readonly reply: Reply; readonly speaker: Speaker },
  other: { readonly reply: Reply; readonly speaker: Speaker },
  { question, within }: Alike,
): boolean {
  if (first.reply.status !== other.reply.status) return true;
  const predictions = [first, other].map(({ reply, speaker }) => predictionIn(reply, speaker, question));
  const [a, b] = predictions.every((one) => one !== undefined)
    ? predictions.map((one) => one?.value)
    : [wholeOf(first.reply), wholeOf(other.reply)];
  return within === undefined ? differs(a, b) : flips(a, b, within);
}

function predictionIn(
  reply: Reply,
  speaker: Speaker,
  { path }: Question,
): { readonly value: unknown } | undefined {
  if (reply.status !== 200 || path.split("?")[0] !== speaker.model.predictPath) return undefined;
  const read = readOf(speaker, reply, 1);
  return "values" in read ? { value: read.values[0] } : undefined;
}

function wholeOf(reply: Reply): unknown {
  const body = jsonOf(reply);
  return body === undefined ? reply.text : withoutIds(body);
}

/** At the top alone: further inside an id may be what was asked for. */
function withoutIds(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !NOT_THE_ANSWER.has(name)));
}
