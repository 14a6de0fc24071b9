import type { RawConfig } from "./config.ts";
import type { Emit, Listener } from "./events.ts";
import type { History, UpdateKind } from "./history.ts";
import type { Locks } from "./lock.ts";
import type { Project } from "./project.ts";
import type { ComponentProvider, Provider } from "./provider.ts";
import type { Secrets } from "./secrets.ts";
import type { StackStore } from "./state.ts";
import type { TargetOptions, Targets } from "./targets.ts";

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
