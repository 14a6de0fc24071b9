import { perform, providerFor, ResourceFailure, type Context } from "./context.ts";
import { deleteResource } from "./deletion.ts";
import type { Goal } from "./goal.ts";
import { UNKNOWN, type Properties } from "../values/provider.ts";
import { checkInputs, create } from "./resource-operations.ts";
import type { ResourceState } from "../state/state.ts";
import type { Step } from "./steps.ts";
import { nameOf } from "../values/urn.ts";
import { revealProperties } from "../values/values.ts";

export interface Replacement {
  goal: Goal;
  old: ResourceState;
  next: ResourceState;
  /** The goal's inputs before the provider's check. */
  wanted: Properties;
  step: Step;
  deleteFirst: boolean;
}

/**
 * Makes the new one first and leaves the old one to be deleted after the program; the other way round when both
 * cannot exist at once. `replaced` collects what was deleted and is still to be made again.
 */
export async function replace(
  context: Context,
  { goal, old, next, wanted, step, deleteFirst }: Replacement,
  replaced: Map<string, ResourceState>,
): Promise<ResourceState> {
  // As in Pulumi, taking the flag away and replacing may happen in one update.
  if (old.protect === true && goal.protect) throw protectedFailure(old.urn);
  // Checked anew without the old inputs: a name that the provider made up belongs to the old one.
  const inputs = await checkInputs(context, goal, old.urn, wanted, undefined);
  const { id: _, ...fresh } = { ...next, inputs };
  if (deleteFirst) {
    const victims = [...(await dependentsToReplace(context, old)).toReversed(), old];
    const kept = victims.find((victim) => victim !== old && victim.protect === true);
    if (kept !== undefined) throw protectedFailure(kept.urn);
    for (const victim of victims) {
      await deleteResource(context, victim, "delete-replaced");
      replaced.set(victim.urn, victim);
    }
  }
  return createReplacement(context, goal, fresh, step, deleteFirst ? undefined : old);
}

/** Makes the new one of a resource that was, or will be, deleted; and counts the two as one replacement. */
export async function createReplacement(
  context: Context,
  goal: Goal,
  fresh: ResourceState,
  step: Omit<Step, "new">,
  superseded?: ResourceState,
): Promise<ResourceState> {
  const made = await create(context, goal, fresh, { ...step, op: "create-replacement" }, superseded);
  await perform(context, { ...step, op: "replace", new: made }, () => Promise.resolve());
  return made;
}

/** Those that must be replaced too because a property of theirs comes from what is deleted first. */
async function dependentsToReplace(context: Context, root: ResourceState): Promise<ResourceState[]> {
  const gone = new Set([root.urn]);
  const found: ResourceState[] = [];
  for (const state of context.ledger.leftovers()) {
    if (state.delete === true || !state.custom || state.external === true || gone.has(state.urn)) continue;
    const affected = Object.entries(state.propertyDependencies)
      .filter(([, urns]) => urns.some((urn) => gone.has(urn)))
      .map(([property]) => [property, UNKNOWN] as const);
    if (affected.length === 0) continue;
    const { replaces } = await providerFor(context, state.type).diff({
      type: state.type,
      urn: state.urn,
      id: state.id ?? "",
      olds: revealProperties(state.inputs),
      news: { ...revealProperties(state.inputs), ...Object.fromEntries(affected) },
      outputs: revealProperties(state.outputs),
    });
    if (replaces.length === 0) continue;
    gone.add(state.urn);
    found.push(state);
  }
  return found;
}

function protectedFailure(urn: string): ResourceFailure {
  return new ResourceFailure(
    urn,
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      `remove the \`protect\` flag from ${nameOf(urn)} in your Pulumi program and run \`pulumi up\``,
  );
}
