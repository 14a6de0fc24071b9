import { join } from "node:path";

import { withChecksum } from "./checksum.ts";
import { UserError } from "../errors.ts";
import { listIfThere, readCheckedIfThere, removeIfThere, stampIfThere, writeAtomically } from "./files.ts";
import type { Properties } from "../values/provider.ts";
import type { Secrets } from "./secrets.ts";
import { open, seal } from "../values/values.ts";

/** What the engine knows of one resource. Secrets in `inputs` and `outputs` are wrapped (values.ts). */
export interface ResourceState {
  urn: string;
  type: string;
  /** False: a component, which no provider knows. */
  custom: boolean;
  id?: string;
  parent?: string;
  provider?: string;
  inputs: Properties;
  outputs: Properties;
  /** URNs, implicit and explicit. */
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect?: boolean;
  retainOnDelete?: boolean;
  /** Read, not made, by the program: never updated or deleted. */
  external?: boolean;
  /** Replaced already, and still to be deleted. */
  delete?: boolean;
  /** What went wrong after it was made; the next update tries again. */
  initErrors?: string[];
  customTimeouts?: Record<string, string>;
}

/** Written before a creation starts: if the engine dies there, the next run knows what may exist unrecorded. */
export interface PendingOperation {
  urn: string;
  since: string;
}

export interface StackState {
  project: string;
  stack: string;
  /** A resource comes after everything that it depends on. */
  resources: ResourceState[];
  pending: PendingOperation[];
  /** Of the last update that succeeded. */
  outputs: Properties;
}

export interface StackStore {
  names(): Promise<string[]>;
  /** Undefined: no such stack. */
  load(stack: string): Promise<StackState | undefined>;
  /**
   * The same for those who only read: one object for as long as the file is the same. A state is a megabyte, and a
   * release asks for it at every look.
   */
  look(stack: string): Promise<Readonly<StackState> | undefined>;
  save(state: StackState): Promise<void>;
  remove(stack: string): Promise<void>;
}

/** One JSON file per stack, `<stateDirectory>/stacks/<stack>.json`, with its secrets encrypted. */
export function openStacks(stateDirectory: string, secrets: Secrets): StackStore {
  const directory = join(stateDirectory, "stacks");
  const pathOf = (stack: string) => join(directory, `${stack}.json`);
  const seen = new Map<string, { readonly stamp: string; readonly state: StackState }>();
  const load = async (stack: string): Promise<StackState | undefined> => {
    const path = pathOf(stack);
    const saved = await readCheckedIfThere(
      path,
      "project",
      "it is the state of the stack; put a good copy there, or remove it and begin anew with `pulumi stack init`",
    );
    // The file is this module's own, written whole by `save`.
    return saved === undefined ? undefined : (open(saved, secrets.decrypt) as StackState);
  };
  return {
    load,
    async look(stack) {
      // Before the file: what is put there in between has another stamp, and is read next time.
      const stamp = await stampIfThere(pathOf(stack));
      const last = seen.get(stack);
      if (last !== undefined && last.stamp === stamp) return last.state;
      const state = await load(stack);
      if (stamp === undefined || state === undefined) seen.delete(stack);
      else seen.set(stack, { stamp, state });
      return state;
    },
    async names() {
      const files = await listIfThere(directory);
      return files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
    },
    save: (state) =>
      writeAtomically(
        pathOf(state.stack),
        withChecksum(`${JSON.stringify(seal(state, secrets.encrypt), undefined, 2)}\n`),
      ),
    remove: (stack) => removeIfThere(pathOf(stack)),
  };
}

export const isStackName = (stack: string): boolean =>
  /^[A-Za-z0-9_.-]{1,100}$/.test(stack) && !/^\.+$/.test(stack);

/** Stack names end up in file names and URNs. Throws UserError. */
export function checkStackName(stack: string): void {
  if (isStackName(stack)) return;
  throw new UserError(
    `invalid stack name ${JSON.stringify(stack)}: 1 to 100 letters, digits, hyphens, underscores or periods`,
  );
}

/**
 * Turns `save` into one that never writes twice at once: calls that come while a write runs share the next one.
 * A call resolves when a state at least as new as the one at the call is on disk.
 */
export function coalesced(save: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = save().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running
      // The one who started the running write hears of its failure; this one writes again in any case.
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
