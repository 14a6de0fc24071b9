import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Ended {
  /** undefined: it was killed. */
  readonly exitCode: number | undefined;
  /** What the terminal showed. */
  readonly shown: string;
}

export interface Terminal {
  readonly ended: Promise<Ended>;
  /** Resolves when it shows these words; rejects when the command ends without them. */
  saw(words: string): Promise<void>;
  /** Types a line, and Enter. */
  types(line: string): void;
  /** Ctrl-C, and waits for the end. */
  interrupt(): Promise<Ended>;
}

const QUESTION = "[y/N]";

/** A command in a terminal of its own (`script` of util-linux), before which somebody sits who says yes. */
export function openTerminal(
  command: string,
  directory: string,
  env: Readonly<Record<string, string>>,
): Terminal {
  const typed = `set -eo pipefail\n${command}`;
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", typed, "/dev/null"], {
    cwd: directory,
    env: { ...env, SHELL: "/bin/bash" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let shown = "";
  let answered = 0;
  const listeners = new Set<() => void>();
  const listen = (text: string) => {
    shown += text;
    const asked = shown.split(QUESTION).length - 1;
    for (; answered < asked; answered += 1) child.stdin.write("y\n");
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", listen);
  const ended = once(child, "close").then(([code]): Ended => ({
    exitCode: typeof code === "number" ? code : undefined,
    shown,
  }));
  return {
    ended,
    saw: (words) =>
      new Promise((resolve, reject) => {
        const look = () => shown.includes(words) && resolve();
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without "${words}":\n${command}\n${shown}`)));
      }),
    types: (line) => void child.stdin.write(`${line}\n`),
    async interrupt() {
      child.stdin.write("\u0003");
      return ended;
    },
  };
}
