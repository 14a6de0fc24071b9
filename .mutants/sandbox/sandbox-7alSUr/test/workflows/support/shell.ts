import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ShellRun {
  /** undefined: it was killed. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** A shell that runs a step, in a process group of its own. */
export interface Shell {
  readonly ended: Promise<ShellRun>;
  /** Resolves when the step says these words; never, when it ends without them. */
  saw(words: string): Promise<void>;
  /** SIGKILL to everything that the step started, as when its runner dies. */
  kill9(): void;
}

/** GitHub Actions: `shell: bash` is `bash --noprofile --norc -eo pipefail {0}`. */
export function startShell(script: string, directory: string, env: Readonly<Record<string, string>>): Shell {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: directory,
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("bash could not be started");
  let output = "";
  const waiting = new Map<string, () => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const [words, tell] of waiting) if (output.includes(words)) tell();
    });
  }
  const ended = once(child, "close").then(([code]): ShellRun => ({
    exitCode: typeof code === "number" ? code : undefined,
    output,
  }));
  return {
    ended,
    saw: (words) => new Promise((resolve) => waiting.set(words, resolve)),
    kill9: () => void process.kill(-pid, "SIGKILL"),
  };
}
