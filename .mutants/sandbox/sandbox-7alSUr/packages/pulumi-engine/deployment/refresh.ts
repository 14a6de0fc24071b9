import { perform, providerFor, type Context } from "./context.ts";
import type { UpdateKind } from "../state/history.ts";
import { sameJson } from "../values/property-diff.ts";
import type { ResourceState } from "../state/state.ts";
import type { Step } from "./steps.ts";
import type { Targets } from "./targets.ts";
import { keepSecret, revealProperties } from "../values/values.ts";

/**
 * Takes over every resource as the provider sees it now, and drops those that are gone. What changed counts as a
 * change only when the refresh is all that was asked for.
 */
export async function readBack(context: Context, targets: Targets, asked: UpdateKind): Promise<void> {
  const made = context.ledger
    .leftovers()
    .filter(
      (state) => state.custom && state.external !== true && state.delete !== true && targets.has(state.urn),
    );
  await Promise.all(made.map((state) => context.control.run(() => readOne(context, state, asked))));
}

async function readOne(context: Context, old: ResourceState, asked: UpdateKind): Promise<void> {
  const found = await providerFor(context, old.type).read({
    type: old.type,
    urn: old.urn,
    id: old.id ?? "",
    inputs: revealProperties(old.inputs),
    outputs: revealProperties(old.outputs),
  });
  const next: ResourceState | undefined = found && {
    ...old,
    inputs: keepSecret(found.inputs, old.inputs),
    outputs: keepSecret(found.outputs, old.outputs),
  };
  const step = stepOf(old, next);
  await perform(context, asked === "refresh" ? step : { ...step, op: "refresh" }, () => Promise.resolve());
  if (next === undefined) context.ledger.remove(old);
  else context.ledger.amend(old, next);
}

function stepOf(old: ResourceState, next: ResourceState | undefined): Step {
  if (next === undefined) return { op: "delete", old };
  const same = sameJson(next.inputs, old.inputs) && sameJson(next.outputs, old.outputs);
  return { op: same ? "same" : "update", old: { ...old }, new: next };
}
