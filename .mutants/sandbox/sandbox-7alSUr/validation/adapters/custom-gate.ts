import type { CustomGate, CustomGateTarget } from "../../contract/config/custom-gate.ts";
import { isRecord } from "../../contract/config/field.ts";
import type { Reading } from "../core/observation.ts";
import type { Clock, CustomGates } from "../ports.ts";
import { askText } from "./http-text.ts";
import { runProgram } from "./program.ts";

/** An answer is a line or two; who says more than this has not understood the question. */
const LONGEST_ANSWER_BYTES = 64 * 1024;
/** A gate is asked at most so often about the same share, whatever the time between two checks. */
const ASK_EVERY_MS = 60_000;

/**
 * The user's own gates, asked as programs in `directory` or over HTTP. An answer holds for a minute of the cloud's
 * time in this process, so that a program is not started at every check.
 */
export function customGates(directory: string, clock: Pick<Clock, "now">): CustomGates {
  const kept = new Map<string, { readonly askedMs: number; readonly said: Promise<Reading<unknown>> }>();
  return {
    ask(gate, question) {
      const key = `${gate.name} ${aboutOf(question)}`;
      const before = kept.get(key);
      const nowMs = clock.now();
      if (before !== undefined && nowMs - before.askedMs < ASK_EVERY_MS) return before.said;
      const said = askOne(gate, JSON.stringify(question), directory);
      kept.set(key, { askedMs: nowMs, said });
      return said;
    },
  };
}

/** What an answer is about: the same release with the same share. */
function aboutOf(question: unknown): string {
  if (!isRecord(question)) return JSON.stringify(question) ?? "";
  return JSON.stringify({ ...question, now: undefined, gates: undefined });
}

function askOne(gate: CustomGate, body: string, directory: string): Promise<Reading<unknown>> {
  const timeoutMs = gate.timeoutSeconds * 1000;
  return gate.asks.kind === "url"
    ? askUrl(gate.asks.url, body, timeoutMs)
    : askCommand(gate.asks.argv, body, timeoutMs, directory);
}

const unreadable = (why: string): Reading<unknown> => ({ readable: false, why });

async function askUrl(url: string, body: string, timeoutMs: number): Promise<Reading<unknown>> {
  const mostBytes = LONGEST_ANSWER_BYTES;
  const said = await askText({ url, body, accept: "application/json", timeoutMs, mostBytes });
  return said.readable ? parse(said.value) : said;
}

function parse(text: string): Reading<unknown> {
  try {
    return { readable: true, value: JSON.parse(text) };
  } catch {
    // Which character was wrong does not matter to whoever reads the verdict.
    return unreadable(text.trim() === "" ? "it said nothing" : "what it said is not JSON");
  }
}

type Argv = Extract<CustomGateTarget, { kind: "command" }>["argv"];

/** A program that failed may say `fail` or `noAnswer`, but its `pass` is not believed. */
async function askCommand(argv: Argv, input: string, timeoutMs: number, directory: string) {
  const said = await runProgram({ argv, input, directory, timeoutMs, mostBytes: LONGEST_ANSWER_BYTES });
  if (!said.ended) return unreadable(`it ${said.why}`);
  const parsed = parse(said.out);
  if (said.failed === undefined) return parsed;
  const isNo = parsed.readable && isRecord(parsed.value) && parsed.value["answer"] !== "pass";
  return isNo ? parsed : unreadable(`it ${said.failed}`);
}
