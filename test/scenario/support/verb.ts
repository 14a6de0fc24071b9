import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LocalPlace } from "../../../cli/local/place.ts";
import { holdsToSchema } from "../../support/result-schema.ts";
import { isRunning } from "../../../packages/local-cloud/test/support/is-running.ts";

export { isRunning };

/** How a verb ended. */
export interface Ran {
  /** undefined: it was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verb that runs. */
export interface RunningVerb {
  readonly pid: number;
  /**
   * Resolves when a line of standard error contains the text, with the moment at which the line came (real epoch
   * milliseconds); at once when it was said before. Rejects when the verb ends without it.
   */
  saw(text: string): Promise<number>;
  /** SIGKILL to the process of the verb alone; resolves when it is gone. */
  kill9(): Promise<void>;
  readonly ended: Promise<Ran>;
  /** Whether the verb or anything that it started still runs. */
  isAlive(): boolean;
  /** SIGKILL to the verb and everything that it started. */
  sweep(): void;
}

/** What could make a verb choose another stack than the local one. */
const HINTS = ["BLUEGREEN_STACK", "BLUEGREEN_ROUTE_ARN", "PULUMI_STACK", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"];

/**
 * Starts `bluegreen <args>` as a person does, in a process group of its own so that nothing of it gets lost.
 * `nodeArguments` come before the program's own: what a story loads into the process beforehand; `variables` are of its environment.
 */
export function startVerb(
  place: LocalPlace,
  args: readonly string[],
  nodeArguments: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): RunningVerb {
  const inherited = Object.entries(process.env).filter(([name]) => !HINTS.includes(name));
  const env = {
    ...Object.fromEntries(inherited),
    BLUEGREEN_LOCAL_DIRECTORY: place.directory,
    BLUEGREEN_STATE_DIRECTORY:
      process.env["BLUEGREEN_STATE_DIRECTORY"] ?? join(place.directory, "state-of-user"),
    // What a verb keeps there goes with its world, also when it is killed.
    TMPDIR: place.directory,
    ...variables,
  };
  const child = spawn(process.execPath, [...nodeArguments, "cli/main.ts", ...args], {
    cwd: place.root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`bluegreen ${args.join(" ")} could not be started`);

  const said: { readonly line: string; readonly atMs: number }[] = [];
  const listeners = new Set<() => void>();
  const tell = () => [...listeners].forEach((listener) => listener());
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push({ line, atMs: Date.now() });
    tell();
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const stderr = () => said.map(({ line }) => line).join("\n");
  let over = false;
  const ended = once(child, "close").then(([code]): Ran => {
    over = true;
    tell();
    // What Pulumi prints is Pulumi's own.
    if (args.includes("--json") && args[0] !== "pulumi") holdsToSchema(stdout);
    return { exitCode: typeof code === "number" ? code : undefined, stdout, stderr: stderr() };
  });

  return {
    pid,
    ended,
    saw(text) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = said.find(({ line }) => line.includes(text));
          if (found === undefined && !over) return;
          listeners.delete(look);
          if (found !== undefined) resolve(found.atMs);
          else
            reject(
              new Error(`bluegreen ${args.join(" ")} ended without saying "${text}":\n${stderr()}${stdout}`),
            );
        };
        listeners.add(look);
        look();
      });
    },
    async kill9() {
      process.kill(pid, "SIGKILL");
      await ended;
    },
    isAlive: () => isRunning(-pid),
    sweep() {
      if (isRunning(-pid)) process.kill(-pid, "SIGKILL");
    },
  };
}
