import { perform, type Context } from "./context.ts";
import { stateOf, type Goal } from "./goal.ts";
import { ignoreChanges } from "../values/property-path.ts";
import { createReplacement, replace } from "./replacement.ts";
import { checkInputs, create, diffInputs, update, withSecrets } from "./resource-operations.ts";
import type { ResourceState } from "../state/state.ts";
import type { Step } from "./steps.ts";

/**
 * Brings one resource from `old` to the goal, and records it. `replaced`: what this deployment has deleted in order
 * to make it again. In a preview the answer has no id if it would be new.
 */
export async function deployCustom(
  context: Context,
  goal: Goal,
  urn: string,
  old: ResourceState | undefined,
  replaced: Map<string, ResourceState>,
): Promise<ResourceState> {
  const wanted = old === undefined ? goal.inputs : ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges);
  const inputs = await checkInputs(context, goal, urn, wanted, old);
  const next = stateOf(goal, urn, inputs, old);
  if (old === undefined) {
    const before = replaced.get(urn);
    if (before === undefined) return create(context, goal, next, { op: "create" });
    return createReplacement(context, goal, next, { op: "replace", old: before });
  }
  const diff = await diffInputs(context, goal, old, next.inputs);
  const step: Step = { op: "update", old, new: next, changes: diff.changes, replaces: diff.replaces };
  if (diff.replaces.length > 0) {
    const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    return replace(context, { goal, old, next, wanted, step, deleteFirst }, replaced);
  }
  if (diff.changes.length > 0 || (old.initErrors ?? []).length > 0) return update(context, goal, next, step);
  return keep(context, goal, next, old);
}

async function keep(
  context: Context,
  goal: Goal,
  next: ResourceState,
  old: ResourceState,
): Promise<ResourceState> {
  const same = { ...next, outputs: withSecrets(goal, next, old.outputs) };
  await perform(context, { op: "same", old, new: same }, () => Promise.resolve());
  context.ledger.record(same);
  return same;
}
