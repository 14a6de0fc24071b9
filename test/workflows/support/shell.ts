import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface ShellRun {
  /** undefined: it was killed. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error, each in its own order. */
  readonly output: string;
}

/** A shell that runs a step, in a process group of its own. */
export interface Shell {
  readonly ended: Promise<ShellRun>;
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
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, "close").then(async ([code]): Promise<ShellRun> => {
    const said = (await output).join("");
    return { exitCode: typeof code === "number" ? code : undefined, output: said };
  });
  return { ended, kill9: () => void process.kill(-pid, "SIGKILL") };
}
