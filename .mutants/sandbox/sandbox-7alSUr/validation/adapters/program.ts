import { spawn } from "node:child_process";

export interface ProgramAsked {
  /** Program and arguments, started as they are: no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** On its standard input. */
  readonly input: string;
  readonly directory: string;
  readonly timeoutMs: number;
  /** Of its standard output; who says more has not understood the question. */
  readonly mostBytes: number;
}

export type ProgramSaid =
  | {
      readonly ended: true;
      readonly out: string;
      readonly complaints: string;
      /** How it ended, when not with exit code 0: "ended with exit code 3: no module". */
      readonly failed: string | undefined;
    }
  /** Why it was not heard to its end: "took longer than 10 s". */
  | { readonly ended: false; readonly why: string };

const MOST_COMPLAINT_BYTES = 64 * 1024;

/** Runs a program of the user's until it ends, or until it takes or says too much. */
export function runProgram({ argv, input, directory, timeoutMs, mostBytes }: ProgramAsked) {
  const [program, ...args] = argv;
  return new Promise<ProgramSaid>((resolve) => {
    // A process group of its own, so that whatever the program starts ends with it.
    const child = spawn(program, args, { cwd: directory, stdio: ["pipe", "pipe", "pipe"], detached: true });
    const end = (said: ProgramSaid) => {
      clearTimeout(timer);
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(said);
    };
    const cut = (why: string) => end({ ended: false, why });
    const timer = setTimeout(() => cut(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
    const out = gather(child.stdout, mostBytes, () => cut(`said more than ${mostBytes} bytes`));
    const complaints = gather(child.stderr, MOST_COMPLAINT_BYTES, () => {});
    // A program that does not read to the end closes the pipe; what it says is what counts.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", (error) => cut(`could not be started: ${error.message}`));
    child.once("close", (code, signal) =>
      end({
        ended: true,
        out: out(),
        complaints: complaints(),
        failed: code === 0 ? undefined : failure(code, signal, complaints()),
      }),
    );
  });
}

function failure(code: number | null, signal: NodeJS.Signals | null, complaints: string): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const last = complaints.trim().split("\n").at(-1) ?? "";
  return `ended with ${how}${last === "" ? "" : `: ${last.slice(0, 200)}`}`;
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
