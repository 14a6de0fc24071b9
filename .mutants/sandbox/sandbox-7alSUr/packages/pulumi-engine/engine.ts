import { join, resolve } from "node:path";

import { runCommand } from "./commands/commands.ts";
import { openHistory } from "./state/history.ts";
import { openLocks, type LockHolder } from "./state/lock.ts";
import type { ComponentProvider, Provider } from "./values/provider.ts";
import { openSecrets } from "./state/secrets.ts";
import { openStacks } from "./state/state.ts";

export interface EngineOptions {
  /** Stacks, history, locks and the secrets' key are kept here; made when absent. */
  stateDirectory: string;
  provider: Provider;
  components: ComponentProvider;
  /** Where Node keeps compiled programs; `<stateDirectory>/compile-cache` when left out. */
  compileCacheDirectory?: string;
  /** What a lock names as the run that holds it; asked when one is taken. Without it a lock names none. */
  runId?: () => string;
  /** What a person does about a stack whose secrets have another key: the end of a message. */
  foreignSecretsAdvice?: string;
}

const FOREIGN_SECRETS_ADVICE =
  "use the Pulumi CLI, or name no secrets provider and set its secrets anew with `pulumi config set --secret`";

export interface CommandOptions {
  cwd: string;
  /** Of the program; the engine itself reads none of it. */
  env?: NodeJS.ProcessEnv;
  onOutput?: ((text: string) => void) | undefined;
  onError?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Asks the person before an `up` without `--yes`; without it such an `up` is refused. */
  confirm?: ((question: string) => Promise<boolean>) | undefined;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** 0, or what Pulumi gives (errors.ts, EXIT). */
  code: number;
}

/**
 * An embedded Pulumi engine: runs an unmodified Node.js Pulumi program against a provider in this process, and
 * understands the command lines that Pulumi's Automation API sends and people type.
 */
export interface Engine {
  readonly stateDirectory: string;
  /** Rejects with a FileError when a file or the disk stands in the way. */
  runPulumi(args: string[], options: CommandOptions): Promise<CommandResult>;
  /** Who runs an update of the stack, or died while running one. */
  lockHolder(stack: string): Promise<LockHolder | undefined>;
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const stateDirectory = resolve(options.stateDirectory);
  const secrets = await openSecrets(stateDirectory);
  const locks = openLocks(stateDirectory, options.runId);
  const parts = {
    stateDirectory,
    provider: options.provider,
    components: options.components,
    compileCacheDirectory: options.compileCacheDirectory ?? join(stateDirectory, "compile-cache"),
    secrets,
    locks,
    stacks: openStacks(stateDirectory, secrets),
    history: openHistory(stateDirectory),
    foreignSecretsAdvice: options.foreignSecretsAdvice ?? FOREIGN_SECRETS_ADVICE,
  };
  return {
    stateDirectory,
    lockHolder: locks.holder,
    async runPulumi(args, { cwd, env = process.env, onOutput, onError, signal, confirm }) {
      let stdout = "";
      let stderr = "";
      const code = await runCommand(args, {
        parts,
        cwd,
        env,
        signal,
        confirm,
        print(text) {
          stdout += text;
          onOutput?.(text);
        },
        printError(text) {
          stderr += text;
          onError?.(text);
        },
      });
      return { stdout, stderr, code };
    },
  };
}
