import type { RawConfig } from "../config/config.ts";
import type { Emit, Listener } from "../deployment/events.ts";
import type { History, UpdateKind } from "../state/history.ts";
import type { Locks } from "../state/lock.ts";
import type { Project } from "../config/project.ts";
import type { ComponentProvider, Provider } from "../values/provider.ts";
import type { Secrets } from "../state/secrets.ts";
import type { StackStore } from "../state/state.ts";
import type { TargetOptions, Targets } from "../deployment/targets.ts";

/** What an engine is made of. */
export interface Parts {
  stateDirectory: string;
  provider: Provider;
  components: ComponentProvider;
  compileCacheDirectory: string;
  secrets: Secrets;
  stacks: StackStore;
  history: History;
  locks: Locks;
  /** What a person does about a stack whose secrets have another key. */
  foreignSecretsAdvice: string;
}

/** One `up`, `preview`, `refresh` or `destroy`, as it was asked for. */
export interface OperationRequest {
  kind: UpdateKind;
  /** Say what would happen, and do nothing. */
  planning: boolean;
  stack: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Instead of `Pulumi.<stack>.yaml`; relative to `cwd`. */
  configFile?: string | undefined;
  message: string;
  targets: TargetOptions;
  /** Read every resource back first. */
  refresh: boolean;
  clearPendingCreates: boolean;
  expectNoChanges: boolean;
  /** Operations that the program may have in flight at once. */
  parallel: number;
  /** What the history says of where the update ran. */
  environment: Record<string, string>;
  /** Aborted: nothing more is started, what is in flight ends and is recorded. */
  signal?: AbortSignal | undefined;
  listeners: Listener[];
}

/** An operation that is under way. */
export interface Run {
  parts: Parts;
  request: OperationRequest;
  project: Project;
  config: RawConfig;
  targets: Targets;
  emit: Emit;
}
