import type { Forward } from "../../../contract/route/route.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Writer } from "../../../contract/transition/writer.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";

export type RawConfig = Readonly<Record<string, string>>;

/** One update in the history of the stack. */
export interface PastUpdate {
  /** undefined: whoever deployed the candidate. */
  readonly by: ProcessOnMachine | undefined;
  readonly raw: RawConfig;
  readonly config: StackConfig;
  readonly message: string;
  readonly succeeded: boolean;
  /** By the clock of who carried it out: it is written into the history by that process. */
  readonly endedWallMs: number;
  readonly number: number;
}

export interface AskedUpdate {
  readonly by: ProcessOnMachine;
  readonly raw: RawConfig;
  readonly message: string;
  readonly writer: Writer;
  readonly refresh: boolean;
  /** The newest update that was there when it was made up. */
  readonly knows: PastUpdate;
}

/** What Pulumi's state says of the route: what it would compare with. */
export interface RouteInState {
  readonly forward: Forward;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StackLock {
  readonly holder: ProcessOnMachine;
  readonly sinceMs: number;
  readonly sinceWallMs: number;
}

/**
 * The backend of a stack, in an S3 bucket: one state, a history, and a lock file that names its holder
 * (pulumi, pkg/backend/diy). `pulumi cancel` deletes the lock and tells nobody.
 */
export class Backend {
  /** Newest first. */
  readonly history: PastUpdate[] = [];
  state: RouteInState;
  lock: StackLock | undefined;
  private number = 0;
  private waiting: (() => void)[] = [];

  /** Calls back when the next update has begun. */
  besideUpdate(go: () => void): void {
    this.waiting.push(go);
  }

  /** An update has begun, or its engine takes long to start. */
  begins(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }

  forgetWaiting(): void {
    this.waiting = [];
  }

  /** Told when a lock is deleted that another one holds. */
  broken: (by: ProcessOnMachine, lock: StackLock) => void = () => {};

  /** Told of an update that was carried out under the lock although another one came since it was made up. */
  undone: (by: AskedUpdate, missed: PastUpdate) => void = () => {};

  constructor(state: RouteInState) {
    this.state = state;
  }

  /** Told of each update that is written into the history, with the one before it. */
  added: (before: PastUpdate, after: PastUpdate) => void = () => {};

  add(update: Omit<PastUpdate, "number">): PastUpdate {
    const added = { ...update, number: ++this.number };
    const before = this.history.find(({ succeeded }) => succeeded);
    this.history.unshift(added);
    if (before !== undefined) this.added(before, added);
    return added;
  }

  /** An update that failed is in the history, too (pulumi, pkg/backend/diy: `result: failed`); deployed stays what was. */
  addFailed(by: ProcessOnMachine, message: string): void {
    const { raw, config } = this.last();
    const endedWallMs = by.clockMs();
    this.history.unshift({ by, raw, config, message, succeeded: false, endedWallMs, number: ++this.number });
  }

  last(): PastUpdate {
    const found = this.history.find(({ succeeded }) => succeeded);
    if (found === undefined) throw new Error("the simulated stack was never deployed");
    return found;
  }

  /** Two that write their locks at once both find the other's, and one of them goes on here. */
  take(holder: ProcessOnMachine, nowMs: number): StackLock | undefined {
    if (this.lock !== undefined) return undefined;
    this.lock = { holder, sinceMs: nowMs, sinceWallMs: holder.clockMs() };
    this.begins();
    return this.lock;
  }

  /** Whether it was still there. */
  release(lock: StackLock): boolean {
    if (this.lock !== lock) return false;
    this.lock = undefined;
    return true;
  }

  cancel(by: ProcessOnMachine): void {
    const { lock } = this;
    if (lock === undefined) throw new Error("error: the stack is not locked");
    this.lock = undefined;
    this.broken(by, lock);
  }
}
