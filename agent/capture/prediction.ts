import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { jsonOf } from "../json.ts";
import type { AgentIdentity } from "../lines/embedded.ts";
import type { BodyCopy } from "./copy.ts";
import { pointedAt, withoutPointed } from "./pointer.ts";
import type { CaptureSetup } from "./setup.ts";

/** An exchange that has ended, as far as it was kept. */
export interface KeptExchange {
  readonly requestId: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly status: number;
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly target: string;
  readonly input: BodyCopy;
  readonly inputHeaders: IncomingHttpHeaders;
  readonly answer: BodyCopy;
  readonly answerHeaders: IncomingHttpHeaders;
}

/**
 * The line of the prediction log: labels and `replay-requests` find the answer to a request in it. One that would be cut goes
 * without its input, then without its answer.
 */
export function predictionLine(
  kept: KeptExchange,
  setup: CaptureSetup,
  { slot, modelVersion }: AgentIdentity,
): string {
  const { requestId, startedMs, endedMs, status } = kept;
  const given = kept.input.text(kept.inputHeaders, setup.maxBytes);
  const segment = segmentsOf(setup.segment, kept.inputHeaders, given);
  const input = redacted(given, setup.redact);
  const answer = redacted(kept.answer.text(kept.answerHeaders, setup.maxBytes), setup.redact);
  const of = (fields: readonly string[]) => ({
    requestId,
    slot,
    version: modelVersion,
    at: new Date(startedMs).toISOString(),
    latencyMs: Math.round(endedMs - startedMs),
    status,
    inputBytes: kept.input.length,
    ...(Object.keys(segment).length === 0 ? {} : { segment }),
    ...(fields.includes("input") && input !== undefined
      ? { ...askedOf(kept, setup), input: input.value }
      : {}),
    ...(fields.includes("digest") && input !== undefined ? { digest: digestOf(input.text) } : {}),
    ...(fields.includes("answer") && answer !== undefined ? { answer: answer.value } : {}),
  });
  const lineOf = (fields: readonly string[]) => JSON.stringify({ prediction: of(fields) });
  const fits = (line: string) => Buffer.byteLength(line) <= MOST_LINE_BYTES;
  const whole = lineOf(setup.fields);
  if (fits(whole)) return whole;
  // Labels need the answer; an input can be found again by its digest.
  const withoutInput = lineOf(setup.fields.filter((field) => field !== "input"));
  return fits(withoutInput) ? withoutInput : lineOf(setup.fields.filter((field) => field === "digest"));
}

/** Docker cuts what a container writes after 16,384 bytes, and a piece of a line is no JSON. */
const MOST_LINE_BYTES = 16_000;

/** What it takes to ask the same again. What is redacted may stand in a query, too, and nobody says where: it is left out. */
function askedOf({ method, target, inputHeaders }: KeptExchange, { redact }: CaptureSetup) {
  const [path = target] = redact.length === 0 ? [target] : target.split("?");
  const contentType = inputHeaders["content-type"];
  return { method, path, ...(contentType === undefined ? {} : { contentType }) };
}

/** A segment has few values, and short ones: a longer text is none. */
const MOST_SEGMENT_LENGTH = 64;

function segmentsOf(
  from: CaptureSetup["segment"],
  headers: IncomingHttpHeaders,
  input: string | undefined,
): Readonly<Record<string, string>> {
  const wanted = Object.entries(from);
  const json = wanted.some(([, place]) => place.startsWith("/")) ? jsonOf(input ?? "") : undefined;
  const found = wanted.flatMap(([name, place]) => {
    const value = place.startsWith("/") ? pointedAt(json, place) : headers[place.toLowerCase()];
    const isWord = ["string", "number", "boolean"].includes(typeof value);
    const text = isWord ? String(value) : "";
    return text === "" || text.length > MOST_SEGMENT_LENGTH ? [] : [[name, text] as const];
  });
  return Object.fromEntries(found);
}

interface Redacted {
  readonly text: string;
  /** JSON where it is JSON, else the text. */
  readonly value: unknown;
}

/** Undefined: it is too long, or it cannot be read, so that nothing could be taken out of it. */
function redacted(text: string | undefined, pointers: readonly string[]): Redacted | undefined {
  if (text === undefined) return undefined;
  const json = jsonOf(text);
  if (json === undefined) return pointers.length === 0 ? { text, value: text } : undefined;
  if (pointers.length === 0) return { text, value: json };
  const value = withoutPointed(json, pointers) ?? null;
  return { text: JSON.stringify(value), value };
}

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
