import type { PendingOperation, ResourceState, StackState } from "../state/state.ts";
import { coalesced } from "../state/state.ts";

/** The stack's state while a deployment changes it. Every method but `save` acts in memory. */
export interface Ledger {
  readonly previous: StackState;
  /** The resource as the last deployment left it, until it is recorded anew or removed. */
  old(urn: string): ResourceState | undefined;
  recorded(urn: string): ResourceState | undefined;
  /** Not recorded in this deployment (so far), in dependency order; those pending deletion are among them. */
  leftovers(): ResourceState[];
  /** What this deployment says of the resource; takes the place of the old entry. */
  record(state: ResourceState): void;
  /** The old entry stays beside its replacement until it is deleted. */
  supersede(old: ResourceState): void;
  remove(state: ResourceState): void;
  /** The old entry, as it has been read back. */
  amend(old: ResourceState, next: ResourceState): void;
  /** The resource is now known by another URN (an alias). */
  rename(from: string, to: string): void;
  /** An earlier update was interrupted while it created the resource. */
  hasBegun(urn: string): boolean;
  beginCreate(urn: string): void;
  endCreate(urn: string): void;
  clearPending(): void;
  setOutputs(outputs: StackState["outputs"]): void;
  state(): StackState;
  /** Resolves when the state is on disk. */
  save(): Promise<void>;
}

export function openLedger(previous: StackState, write: (state: StackState) => Promise<void>): Ledger {
  // Copies: `previous` stays what it was.
  let olds = previous.resources.map((state) => ({ ...state }));
  let pending: PendingOperation[] = [...previous.pending];
  let { outputs } = previous;
  const news = new Map<string, ResourceState>();
  const isCurrent = (state: ResourceState, urn: string) => state.urn === urn && state.delete !== true;

  const ledger: Ledger = {
    previous,
    old: (urn) => olds.find((state) => isCurrent(state, urn)),
    recorded: (urn) => news.get(urn),
    leftovers: () => [...olds],
    record(state) {
      olds = olds.filter((old) => !isCurrent(old, state.urn));
      news.set(state.urn, state);
    },
    supersede(old) {
      olds = olds.map((state) => (state === old ? { ...old, delete: true } : state));
    },
    remove(state) {
      olds = olds.filter((old) => old !== state);
    },
    amend(old, next) {
      Object.assign(old, { inputs: next.inputs, outputs: next.outputs });
    },
    rename(from, to) {
      // In place: operations in flight hold these entries.
      for (const state of olds) Object.assign(state, renamed(state, from, to));
    },
    hasBegun: (urn) => previous.pending.some((operation) => operation.urn === urn),
    beginCreate(urn) {
      ledger.endCreate(urn);
      pending.push({ urn, since: new Date().toISOString() });
    },
    endCreate(urn) {
      pending = pending.filter((operation) => operation.urn !== urn);
    },
    clearPending() {
      pending = [];
    },
    setOutputs(changed) {
      outputs = changed;
    },
    state: () => ({ ...previous, resources: [...news.values(), ...olds], pending, outputs }),
    save: coalesced(() => write(ledger.state())),
  };
  return ledger;
}

function renamed(state: ResourceState, from: string, to: string): ResourceState {
  const change = (urn: string) => (urn === from ? to : urn);
  const { propertyDependencies } = state;
  return {
    ...state,
    urn: change(state.urn),
    ...(state.parent !== undefined && { parent: change(state.parent) }),
    ...(state.provider !== undefined && { provider: state.provider.replace(`${from}::`, `${to}::`) }),
    dependencies: state.dependencies.map(change),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [property, urns.map(change)]),
    ),
  };
}
