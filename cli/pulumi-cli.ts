import { execFile, spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { firstOf } from "../validation/adapters/on-path.ts";
import { ownRun, type NotedUpdate } from "../validation/adapters/processes/records.ts";
import type { CommandOptions, CommandResult } from "../packages/pulumi-engine/engine.ts";

/** An installed Pulumi CLI. */
export interface PulumiCli {
  readonly path: string;
  /** As it says: `v3.260.0`. */
  readonly version: string;
}

/** What carries out the program of the local stack. */
export type EngineChoice = { readonly kind: "embedded" } | ({ readonly kind: "cli" } & PulumiCli);

/** The first `pulumi` on PATH, or that of the npm package `pulumi`; undefined: there is none. Throws when it does not run. */
export async function findCli(root: string, environment: NodeJS.ProcessEnv): Promise<PulumiCli | undefined> {
  const directories = (environment["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  const path = await firstOf([...directories, join(root, "node_modules", ".bin")], "pulumi");
  return path === undefined ? undefined : { path, version: await versionOf(path, environment) };
}

/** The npm package downloads the CLI at its first start. */
const ANSWERS_WITHIN_MS = 120_000;

async function versionOf(path: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ["version"], {
    env: withThisNode(environment),
    timeout: ANSWERS_WITHIN_MS,
  });
  const version = stdout.trim().split("\n").at(-1) ?? "";
  // Where it was built from source, the `v` of its releases is missing (pulumi, scripts/pulumi-version.sh).
  if (/^v?\d+\.\d+\.\d+/.test(version)) return version.startsWith("v") ? version : `v${version}`;
  throw new Error(`${path} version says ${JSON.stringify(version)}`);
}

/** The CLI starts the program with the `node` of PATH: the one that runs now, which can read TypeScript. */
export function withThisNode(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, PATH: [dirname(process.execPath), environment["PATH"]].join(delimiter) };
}

/** Runs one command to its end; an abort is a Ctrl-C, upon which the CLI ends what is in flight. */
export function runCli(
  { path }: PulumiCli,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { cwd, env = process.env, onOutput, onError, signal } = options;
  const { words, input } = withoutSecret(args);
  return new Promise((resolve, reject) => {
    const child = spawn(path, words, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    // One that ends before it has read is known by its exit code.
    child.stdin.on("error", () => {}).end(input);
    const noted = note(args, child.pid);
    // What prints is the CLI itself, started by whatever script is called `pulumi`.
    for (const output of [child.stdout, child.stderr]) output.once("data", () => noted?.withDescendants());
    const interrupt = () => void child.kill("SIGINT");
    if (signal?.aborted === true) interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput?.(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onError?.(text);
    });
    child.once("error", reject);
    child.once("close", (code, by) => {
      signal?.removeEventListener("abort", interrupt);
      noted?.ended();
      if (code === null) stderr += `error: ${path} was ended by ${by}\n`;
      resolve({ stdout, stderr, code: code ?? KILLED });
    });
  });
}

/**
 * A secret that is to be encrypted comes to the CLI on its standard input: what stands in its arguments every user of the
 * machine can read. The CLI takes one line end away (pulumi, pkg/cmd/pulumi/config: a value that is missing is read).
 */
function withoutSecret(args: readonly string[]): {
  readonly words: readonly string[];
  readonly input: string;
} {
  const [command, verb] = args;
  const end = args.indexOf("--");
  const [text, ...more] = end < 0 ? [] : args.slice(end + 1);
  const isSecret = command === "config" && verb === "set" && args.slice(0, end).includes("--secret");
  if (!isSecret || text === undefined || more.some((word) => word !== "--non-interactive"))
    return { words: args, input: "" };
  return { words: [...args.slice(0, end), ...more], input: `${text}\n` };
}

/** Commands that take the stack's lock. */
const LOCKING = ["up", "update", "refresh", "destroy", "import"];

/** The CLI's lock tells host, pid and time alone, so what this machine knows of the process is written down here. */
function note([command = ""]: readonly string[], pid: number | undefined): NotedUpdate | undefined {
  return pid !== undefined && LOCKING.includes(command) ? ownRun().noteUpdate(pid) : undefined;
}

/** As a shell says it of a process that a signal ended, whichever one. */
const KILLED = 128;

/** Runs one command in this terminal, as if it had been typed there; resolves to its exit code. An abort is a Ctrl-C. */
export function typeCli(
  { path }: PulumiCli,
  args: readonly string[],
  options: CommandOptions,
): Promise<number> {
  // Ctrl-C reaches both processes; the CLI ends the update in its own way, and this one waits for that.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  return new Promise<number>((resolve, reject) => {
    const child = spawn(path, args, { cwd: options.cwd, env: options.env, stdio: "inherit" });
    const noted = note(args, child.pid);
    const interrupt = () => void child.kill("SIGINT");
    options.signal?.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      options.signal?.removeEventListener("abort", interrupt);
      noted?.ended();
      resolve(code ?? KILLED);
    });
  }).finally(() => process.off("SIGINT", ignore));
}
