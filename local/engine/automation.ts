import { createRequire } from "node:module";

import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";

import { VERSION } from "./commands.ts";
import type { CommandResult, Engine } from "./engine.ts";

/** What the Automation API calls instead of a CLI (automation/cmd.js, PulumiCommand.run). */
export interface EmbeddedCommand extends PulumiCommand {
  run(
    args: string[],
    cwd: string,
    additionalEnv: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<CommandResult>;
}

/**
 * The engine for `LocalWorkspace.createOrSelectStack(args, { pulumiCommand })`. A command that fails rejects with
 * the Automation API's own errors: ConcurrentUpdateError, StackNotFoundError, CommandError…
 */
export function pulumiCommand(engine: Engine): EmbeddedCommand {
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
    command: "pulumi (embedded engine)",
    version: semver.parse(VERSION),
    async run(args, cwd, additionalEnv, onOutput, onError, signal) {
      const env = { ...process.env, ...additionalEnv };
      const { stdout, stderr, code } = await engine.runPulumi(args, { cwd, env, onOutput, onError, signal });
      const result = new cmd.CommandResult(stdout, stderr, code);
      if (code !== 0) throw errors.createCommandError(result);
      return result;
    },
  };
}
