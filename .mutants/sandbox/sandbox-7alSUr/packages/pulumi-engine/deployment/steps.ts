import type { Emit, Operation, StepMetadata, StepState } from "./events.ts";
import { leafChanges } from "../values/property-diff.ts";
import { pathsOverlap } from "../values/property-path.ts";
import type { ResourceState } from "../state/state.ts";
import { maskProperties } from "../values/values.ts";

/** One thing done, or planned, to one resource. */
export interface Step {
  op: Operation;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** Property paths, as the provider gave them. */
  changes?: string[];
  replaces?: string[];
}

// What counts as a change of a resource; a replacement counts once, as Pulumi counts it.
const COUNTED: Record<Operation, boolean> = {
  same: true,
  create: true,
  update: true,
  delete: true,
  replace: true,
  "create-replacement": false,
  "delete-replaced": false,
  read: true,
  refresh: false,
};

export interface StepReporter {
  start(step: Step): void;
  done(step: Step): void;
  failed(step: Step): void;
  /** A component's outputs, which come after its step. */
  outputs(step: Step): void;
  /** Numbers of operations, `same` and `read` included. */
  readonly counts: Record<string, number>;
}

/** Tells listeners of each step, and counts those that ended well. */
export function stepReporter(emit: Emit, planning: boolean): StepReporter {
  const counts: Record<string, number> = {};
  return {
    counts,
    start: (step) => emit({ resourcePreEvent: { metadata: metadataOf(step), planning } }),
    done(step) {
      // The CLI counts a read of what the state has already, and not the first one (measured on 3.260).
      const isFirstRead = step.op === "read" && step.old === undefined;
      if (COUNTED[step.op] && !isFirstRead) counts[step.op] = (counts[step.op] ?? 0) + 1;
      emit({ resOutputsEvent: { metadata: metadataOf(step), planning } });
    },
    outputs: (step) => emit({ resOutputsEvent: { metadata: metadataOf(step), planning } }),
    failed: (step) => emit({ resOpFailedEvent: { metadata: metadataOf(step), status: 0, steps: 1 } }),
  };
}

/** Whether the counts have anything that changes a resource. */
export function hasChanges(counts: Record<string, number>): boolean {
  return Object.entries(counts).some(([op, count]) => op !== "same" && op !== "read" && count > 0);
}

function metadataOf(step: Step): StepMetadata {
  const subject = step.new ?? step.old;
  if (subject === undefined) throw new Error(`a ${step.op} of nothing`);
  return {
    op: step.op,
    urn: subject.urn,
    type: subject.type,
    provider: subject.provider ?? "",
    ...(step.old && { old: stateOf(step.old) }),
    ...(step.new && { new: stateOf(step.new) }),
    ...(step.changes && { diffs: topLevel(step.changes), detailedDiff: detailedDiff(step) }),
    ...(step.replaces && { keys: topLevel(step.replaces) }),
    ...(step.op === "replace" && { logical: true }),
  };
}

function stateOf(state: ResourceState): StepState {
  return {
    type: state.type,
    urn: state.urn,
    custom: state.custom,
    id: state.id ?? "",
    parent: state.parent ?? "",
    protect: state.protect ?? false,
    provider: state.provider ?? "",
    inputs: maskProperties(state.inputs),
    outputs: maskProperties(state.outputs),
  };
}

function topLevel(paths: string[]): string[] {
  return [...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))];
}

function detailedDiff(step: Step): NonNullable<StepMetadata["detailedDiff"]> {
  const leaves = leafChanges(step.old?.inputs ?? {}, step.new?.inputs ?? {});
  const replaces = step.replaces ?? [];
  return Object.fromEntries(
    leaves.map(({ path, kind }) => {
      const replacing = replaces.some((replace) => pathsOverlap(path, replace));
      return [path, { diffKind: replacing ? (`${kind}-replace` as const) : kind, inputDiff: true }];
    }),
  );
}
