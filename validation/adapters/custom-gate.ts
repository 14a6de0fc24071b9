import { spawn } from "node:child_process";
import type { CustomGate, CustomGateTarget } from "../../contract/config/custom-gate.ts";
import { isRecord } from "../../contract/config/field.ts";
import type { Reading } from "../core/observation.ts";
import { messageOf } from "../reading.ts";
import type { Clock, CustomGates } from "../ports.ts";

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
const late = (timeoutMs: number) => unreadable(`it took longer than ${timeoutMs / 1000} s`);

async function askUrl(url: string, body: string, timeoutMs: number): Promise<Reading<unknown>> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const headers = { "content-type": "application/json", accept: "application/json" };
    // A redirect would hand the question to whoever the first server names.
    const response = await fetch(url, { method: "POST", body, headers, signal, redirect: "error" });
    if (!response.ok) {
      await response.body?.cancel();
      return unreadable(`it answered with status ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > LONGEST_ANSWER_BYTES) return tooLong();
      chunks.push(chunk);
    }
    return parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    if (signal.aborted) return late(timeoutMs);
    const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
    return unreadable(cause ?? messageOf(error));
  }
}

const tooLong = () => unreadable(`it said more than ${LONGEST_ANSWER_BYTES} bytes`);

function parse(text: string): Reading<unknown> {
  try {
    return { readable: true, value: JSON.parse(text) };
  } catch {
    // Which character was wrong does not matter to whoever reads the verdict.
    return unreadable(text.trim() === "" ? "it said nothing" : "what it said is not JSON");
  }
}

type Argv = Extract<CustomGateTarget, { kind: "command" }>["argv"];

function askCommand([program, ...args]: Argv, body: string, timeoutMs: number, cwd: string) {
  return new Promise<Reading<unknown>>((resolve) => {
    // A process group of its own, so that whatever the program starts ends with it.
    const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"], detached: true });
    const end = (said: Reading<unknown>) => {
      clearTimeout(timer);
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(said);
    };
    const timer = setTimeout(() => end(late(timeoutMs)), timeoutMs);
    const out = gather(child.stdout, () => end(tooLong()));
    const complaints = gather(child.stderr, () => {});
    // A program that does not read the question closes the pipe; its answer is what counts.
    child.stdin.on("error", () => {});
    child.stdin.end(body);
    child.once("error", (error) => end(unreadable(`it could not be started: ${error.message}`)));
    child.once("close", (code, signal) => end(answered(out(), complaints(), code, signal)));
  });
}

/** The text of a stream so far; `overflow` is called once, when it gets longer than an answer may be. */
function gather(stream: NodeJS.ReadableStream, overflow: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    const before = bytes;
    bytes += chunk.length;
    if (bytes <= LONGEST_ANSWER_BYTES) chunks.push(chunk);
    else if (before <= LONGEST_ANSWER_BYTES) overflow();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

/** A program that failed may say `fail` or `noAnswer`, but its `pass` is not believed. */
function answered(
  out: string,
  complaints: string,
  code: number | null,
  signal: string | null,
): Reading<unknown> {
  const parsed = parse(out);
  if (code === 0) return parsed;
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const last = complaints.trim().split("\n").at(-1) ?? "";
  const isNo = parsed.readable && isRecord(parsed.value) && parsed.value["answer"] !== "pass";
  if (isNo) return parsed;
  return unreadable(`it ended with ${how}${last === "" ? "" : `: ${last.slice(0, 200)}`}`);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already, as it should be.
  }
}
