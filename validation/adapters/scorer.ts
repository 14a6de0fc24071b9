import { spawn } from "node:child_process";
import type { Score, Scored } from "../suite/tasks/mark.ts";

/** A score is a number; who says much more than that a line has not understood the question. */
const BYTES_A_SCORE = 64;
const MOST_COMPLAINT_BYTES = 64 * 1024;

/**
 * Starts `suite.scorer` in `directory`, without a shell: a line of JSON an answer on its standard input, a number a line
 * on its standard output. A line of its standard error that begins with `cost` is shown.
 */
export const scorerIn =
  (directory: string): Score =>
  ([program, ...args], lines, limitSeconds) => {
    if (program === undefined) return Promise.resolve({ why: "is not configured" });
    const startMs = performance.now();
    return new Promise<Scored>((resolve) => {
      // A process group of its own, so that whatever the program starts ends with it.
      const child = spawn(program, args, { cwd: directory, stdio: ["pipe", "pipe", "pipe"], detached: true });
      const end = (said: Scored) => {
        clearTimeout(timer);
        if (child.pid !== undefined) killGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(said);
      };
      const timer = setTimeout(() => end({ why: `took longer than ${limitSeconds} s` }), limitSeconds * 1000);
      const most = BYTES_A_SCORE * (lines.length + 1);
      const out = gather(child.stdout, most, () => end({ why: `said more than ${most} bytes` }));
      const complaints = gather(child.stderr, MOST_COMPLAINT_BYTES, () => {});
      // A program that does not read to the end closes the pipe; how many lines it says is what counts.
      child.stdin.on("error", () => {});
      child.stdin.end(lines.map((line) => `${line}\n`).join(""));
      child.once("error", (error) => end({ why: `could not be started: ${error.message}` }));
      child.once("close", (code, signal) => {
        const seconds = (performance.now() - startMs) / 1000;
        const said = complaints().trimEnd().split("\n");
        if (code === 0) return end(scoredOf(out(), said, seconds));
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        const last = said.at(-1) ?? "";
        return end({ why: `ended with ${how}${last === "" ? "" : `: ${last.slice(0, 200)}`}` });
      });
    });
  };

function scoredOf(out: string, complaints: readonly string[], seconds: number): Scored {
  const lines = out.trimEnd() === "" ? [] : out.trimEnd().split("\n");
  const cost = complaints.findLast((line) => /^cost\b/i.test(line));
  return { lines, seconds, ...(cost === undefined ? {} : { cost: cost.trim().slice(0, 200) }) };
}

/** The text of a stream so far; `overflow` is called once, when it gets longer than it may be. */
function gather(stream: NodeJS.ReadableStream, mostBytes: number, overflow: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    const before = bytes;
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    else if (before <= mostBytes) overflow();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already, as it should be.
  }
}
