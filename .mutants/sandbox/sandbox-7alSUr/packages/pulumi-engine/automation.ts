import { createRequire } from "node:module";

import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";

import { VERSION } from "./commands/commands.ts";
import type { CommandResult, Engine } from "./engine.ts";

/** What the Automation API calls instead of a CLI (automation/cmd.js, PulumiCommand.run). */
export interface RunnableCommand extends PulumiCommand {
  run(
    args: string[],
    cwd: string,
    additionalEnv: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<CommandResult>;
}

export type Runner = Pick<Engine, "runPulumi">;

/**
 * The engine for `LocalWorkspace.createOrSelectStack(args, { pulumiCommand })`. A command that fails rejects with
 * the Automation API's own errors: ConcurrentUpdateError, StackNotFoundError, CommandError…
 */
export function pulumiCommand(engine: Runner): RunnableCommand {
  return commandOf(engine, "pulumi (embedded engine)", VERSION);
}

/**
 * The same for a CLI that `runner` starts. The Automation API's own way of starting it loses the exit code and the
 * output of a command that fails (automation/cmd.js, exec).
 */
export function cliCommand(
  runner: Runner,
  { path, version }: { readonly path: string; readonly version: string },
): RunnableCommand {
  return commandOf(
    {
      runPulumi: (args, options) =>
        runner.runPulumi(args.includes("--non-interactive") ? args : [...args, "--non-interactive"], {
          ...options,
          env: { ...options.env, PULUMI_AUTOMATION_API: "true" },
        }),
    },
    path,
    version,
  );
}

function commandOf(runner: Runner, command: string, version: string): RunnableCommand {
  // Internal to the SDK, so without types; as its own `exec` uses them (automation/cmd.js).
  const load = createRequire(import.meta.url);
  const errors: { createCommandError(result: CommandResult): Error } = load(
    "@pulumi/pulumi/automation/errors.js",
  );
  const cmd: { CommandResult: new (stdout: string, stderr: string, code: number) => CommandResult } = load(
    "@pulumi/pulumi/automation/cmd.js",
  );
  const semver: { parse(version: string): PulumiCommand["version"] } = createRequire(
    load.resolve("@pulumi/pulumi/package.json"),
  )("semver");
  return {
    command,
    version: semver.parse(version),
    async run(args, cwd, additionalEnv, onOutput, onError, signal) {
      const env = { ...process.env, ...additionalEnv };
      const { stdout, stderr, code } = await runner.runPulumi(args, { cwd, env, onOutput, onError, signal });
      const result = new cmd.CommandResult(stdout, stderr, code);
      if (code !== 0) throw errors.createCommandError(result);
      return result;
    },
  };
}
