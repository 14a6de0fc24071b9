import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { createInterface } from "node:readline";

import { messageOf, UserError } from "../errors.ts";
import type { Project } from "../config/project.ts";
import { ORGANIZATION } from "../deployment/builtins.ts";

export interface ProgramRun {
  project: Project;
  stack: string;
  /** `host:port` of the monitor and engine services. */
  address: string;
  planning: boolean;
  /** Operations that the program may have in flight at once. */
  parallel: number;
  /** Decrypted texts by qualified key. */
  config: Record<string, string>;
  secretKeys: string[];
  env: NodeJS.ProcessEnv;
  /** Node keeps the compiled program and SDK here from run to run. */
  compileCacheDirectory: string;
  onLine(line: string, stream: "stdout" | "stderr"): void;
}

export interface RunningProgram {
  /** The exit code; undefined: killed. */
  ended: Promise<number | undefined>;
  kill(): void;
}

const KILL_AFTER_MS = 2000;
// A module like this one: TypeScript here, JavaScript where the package is installed.
const WITH_ENGINE = new URL(`with-engine${extname(import.meta.filename)}`, import.meta.url).href;

/**
 * Starts the Pulumi program as Pulumi's language host for Node does, in a process of its own
 * (pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/main.go, Run). Throws UserError when there is no SDK to start it.
 */
export function startProgram(run: ProgramRun): RunningProgram {
  const { directory, file } = programPlace(run.project);
  const child = spawn(
    process.execPath,
    [
      ...run.project.nodeArguments,
      "--import",
      WITH_ENGINE,
      findRunner(directory),
      ...runnerArguments(run, directory),
      file,
    ],
    // Standard input is what the program sees of the engine's end.
    { cwd: directory, env: environment(run), stdio: ["pipe", "pipe", "pipe"] },
  );
  createInterface({ input: child.stdout }).on("line", (line) => run.onLine(line, "stdout"));
  createInterface({ input: child.stderr }).on("line", (line) => run.onLine(line, "stderr"));
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once("error", (error) => reject(new UserError(`could not start the program: ${messageOf(error)}`)));
    child.once("close", (code) => resolve(code ?? undefined));
  });
  return {
    ended,
    kill() {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
    },
  };
}

// As the engine hands it to the language host: the working directory is that of the main file (GetPwdMain).
function programPlace({ main }: Project): { directory: string; file: string } {
  const found = statSync(main, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`project 'main' could not be read: ${main} does not exist`);
  if (found.isDirectory()) return { directory: main, file: "." };
  return { directory: dirname(main), file: basename(main) };
}

function findRunner(directory: string): string {
  try {
    return createRequire(join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    throw new UserError(
      `the Pulumi SDK could not be found from ${directory}: run \`npm ci\` (${messageOf(error).split("\n")[0]})`,
    );
  }
}

function runnerArguments(run: ProgramRun, directory: string): string[] {
  const flags = {
    monitor: run.address,
    engine: run.address,
    project: run.project.name,
    stack: run.stack,
    organization: ORGANIZATION,
    "root-directory": run.project.directory,
    pwd: directory,
    parallel: String(run.parallel),
  };
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  return run.planning ? [...words, "--dry-run"] : words;
}

function environment(run: ProgramRun): NodeJS.ProcessEnv {
  return {
    ...run.env,
    NODE_COMPILE_CACHE: run.compileCacheDirectory,
    PULUMI_CONFIG: JSON.stringify(run.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(run.project.typescript),
  };
}
