import { fail, perform, providerFor, ResourceFailure, type Context } from "./context.ts";
import { Stopped } from "./control.ts";
import type { ResourceState } from "../state/state.ts";
import { nameOf } from "../values/urn.ts";
import { revealProperties } from "../values/values.ts";

/** Deletes one resource, unless it is only known (read, retained, a component), and forgets it. */
export async function deleteResource(
  context: Context,
  state: ResourceState,
  op: "delete" | "delete-replaced",
): Promise<void> {
  const made = state.custom && state.external !== true && state.retainOnDelete !== true;
  await perform(context, { op, old: state }, async () => {
    if (made) {
      await providerFor(context, state.type).delete({
        type: state.type,
        urn: state.urn,
        id: state.id ?? "",
        outputs: revealProperties(state.outputs),
      });
    }
    context.ledger.remove(state);
    await context.ledger.save();
  });
  context.ledger.remove(state);
}

/**
 * Deletes resources, each after everything among them that depends on it. Nothing is deleted when one of them is
 * protected. Throws Stopped after what was in flight has ended when one failed; what that one needs stays.
 */
export async function deleteAll(context: Context, states: ResourceState[]): Promise<void> {
  const kept = states.filter((state) => state.protect === true && state.delete !== true);
  if (kept.length > 0) throw protectionFailure(kept);
  const parents = new Map(context.ledger.leftovers().map((state) => [state.urn, state.parent]));
  const running = new Map<ResourceState, Promise<void>>();
  for (const [index, state] of [...states.entries()].toReversed()) {
    const dependents = states.slice(index + 1).filter((other) => dependsOn(other, state, parents));
    running.set(
      state,
      deleteAfter(
        context,
        state,
        dependents.map((other) => running.get(other)),
      ),
    );
  }
  const results = await Promise.allSettled(running.values());
  if (results.some(({ status }) => status === "rejected")) throw new Stopped();
}

async function deleteAfter(
  context: Context,
  state: ResourceState,
  dependents: (Promise<void> | undefined)[],
): Promise<void> {
  // When one of them fails, the deployment is stopped and `run` starts nothing more.
  await Promise.allSettled(dependents);
  const op = state.delete === true ? "delete-replaced" : "delete";
  try {
    await context.control.run(() => deleteResource(context, state, op));
  } catch (error) {
    if (!(error instanceof Stopped)) fail(context, error);
    throw new Stopped();
  }
}

/** Whether `one` needs `other`: directly, as its parent or provider, or because `other` is part of what it needs. */
export function dependsOn(
  one: ResourceState,
  other: ResourceState,
  parents: Map<string, string | undefined>,
): boolean {
  if (one.parent === other.urn || one.provider?.startsWith(`${other.urn}::`) === true) return true;
  for (let urn: string | undefined = other.urn; urn !== undefined; urn = parents.get(urn)) {
    if (one.dependencies.includes(urn)) return true;
  }
  return false;
}

function protectionFailure(states: ResourceState[]): ResourceFailure {
  const lines = states.map(
    ({ urn }) =>
      `unable to delete resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      `give ${nameOf(urn)} \`protect: false\` in your Pulumi program and run \`pulumi up\` first`,
  );
  return new ResourceFailure(states[0]?.urn ?? "", lines.join("\n"));
}
