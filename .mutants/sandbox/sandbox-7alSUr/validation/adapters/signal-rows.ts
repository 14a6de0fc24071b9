import type { CommandSource, UrlSource } from "../../contract/signals/signal.ts";
import type { Reading } from "../core/observation.ts";
import type { Clock, SignalRows } from "../ports.ts";
import type { SignalQuestion } from "../signals/question.ts";
import { askText } from "./http-text.ts";
import { runProgram } from "./program.ts";

/** Both slots, three days, twenty segments: a hundred bytes a row. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A source is asked at most so often, whatever the time between two checks: rows are of whole minutes. */
const ASK_EVERY_MS = 60_000;

/**
 * Rows of signals, of programs in `directory` or over HTTP. What was said holds for a minute of the cloud's time in this
 * process; what failed is asked again at the next check.
 */
export function signalRows(directory: string, clock: Pick<Clock, "now">): SignalRows {
  const kept = new Map<string, { readonly askedMs: number; readonly said: Promise<Reading<string>> }>();
  return {
    read(source, question) {
      // The same release, whatever the time is.
      const key = JSON.stringify([source, { ...question, to: undefined }]);
      const before = kept.get(key);
      const nowMs = clock.now();
      if (before !== undefined && nowMs - before.askedMs < ASK_EVERY_MS) return before.said;
      const said = ask(source, question, directory).then((answer) => {
        if (!answer.readable) kept.delete(key);
        return answer;
      });
      kept.set(key, { askedMs: nowMs, said });
      return said;
    },
  };
}

function ask(
  source: CommandSource | UrlSource,
  question: SignalQuestion,
  directory: string,
): Promise<Reading<string>> {
  const timeoutMs = source.timeoutSeconds * 1000;
  return source.from === "url"
    ? askText({
        url: withQuestion(source.url, question),
        accept: "application/x-ndjson, application/json",
        timeoutMs,
        mostBytes: MOST_BYTES,
      })
    : askProgram(source, question, { directory, timeoutMs });
}

async function askProgram(
  { command }: CommandSource,
  question: SignalQuestion,
  how: { readonly directory: string; readonly timeoutMs: number },
): Promise<Reading<string>> {
  const [program, ...args] = command;
  if (program === undefined) return { readable: false, why: "it names no program" };
  const input = JSON.stringify(question);
  const said = await runProgram({ argv: [program, ...args], input, mostBytes: MOST_BYTES, ...how });
  if (!said.ended) return { readable: false, why: `it ${said.why}` };
  // Half of the rows of a program that failed would look like less harm.
  if (said.failed !== undefined) return { readable: false, why: `it ${said.failed}` };
  return { readable: true, value: said.out };
}

/** The question beside whatever the address asks already. */
function withQuestion(address: string, { candidate, active, ...plain }: SignalQuestion): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(plain)) url.searchParams.set(name, value);
  for (const [role, { slot, modelVersion }] of Object.entries({ candidate, active })) {
    url.searchParams.set(role, slot);
    if (modelVersion !== undefined) url.searchParams.set(`${role}Version`, modelVersion);
  }
  return url.href;
}
