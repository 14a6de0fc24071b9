import type { Score, Scored } from "../suite/tasks/mark.ts";
import { runProgram } from "./program.ts";

/** A score is a number; who says much more than that a line has not understood the question. */
const BYTES_A_SCORE = 64;

/**
 * Starts `suite.scorer` in `directory`, without a shell: a line of JSON an answer on its standard input, a number a line
 * on its standard output. A line of its standard error that begins with `cost` is shown.
 */
export const scorerIn =
  (directory: string): Score =>
  async ([program, ...args], lines, limitSeconds): Promise<Scored> => {
    if (program === undefined) return { why: "is not configured" };
    const startMs = performance.now();
    const said = await runProgram({
      argv: [program, ...args],
      input: lines.map((line) => `${line}\n`).join(""),
      directory,
      timeoutMs: limitSeconds * 1000,
      mostBytes: BYTES_A_SCORE * (lines.length + 1),
    });
    if (!said.ended) return { why: said.why };
    if (said.failed !== undefined) return { why: said.failed };
    const seconds = (performance.now() - startMs) / 1000;
    return scoredOf(said.out, said.complaints.trimEnd().split("\n"), seconds);
  };

function scoredOf(out: string, complaints: readonly string[], seconds: number): Scored {
  const lines = out.trimEnd() === "" ? [] : out.trimEnd().split("\n");
  const cost = complaints.findLast((line) => /^cost\b/i.test(line));
  return { lines, seconds, ...(cost === undefined ? {} : { cost: cost.trim().slice(0, 200) }) };
}
