import { perform, providerFor, ResourceFailure, type Context } from "./context.ts";
import { UserError } from "../errors.ts";
import type { Goal } from "./goal.ts";
import type { HookCall } from "./hook-binding.ts";
import { pathsOverlap } from "../values/property-path.ts";
import { NoAnswer, PartialFailure, type DiffResult, type Properties } from "../values/provider.ts";
import type { ResourceState } from "../state/state.ts";
import type { Step } from "./steps.ts";
import { hasUnknown, keepSecret, revealProperties, secret } from "../values/values.ts";

/** The provider's view of what the program wants. With `old`, names that it made up before stay. */
export async function checkInputs(
  context: Context,
  goal: Goal,
  urn: string,
  wanted: Properties,
  old: ResourceState | undefined,
): Promise<Properties> {
  const { inputs, failures } = await providerFor(context, goal.type).check({
    type: goal.type,
    urn,
    ...(old && { olds: revealProperties(old.inputs) }),
    news: revealProperties(wanted),
  });
  if (failures.length > 0) {
    const problems = failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
    throw new ResourceFailure(urn, `${goal.type} resource '${goal.name}' has a problem: ${problems}`);
  }
  if (!context.planning && hasUnknown(inputs)) throw new ResourceFailure(urn, "an input of it is not known");
  return keepSecret(json(inputs), wanted);
}

export async function diffInputs(
  context: Context,
  goal: Goal,
  old: ResourceState,
  inputs: Properties,
): Promise<DiffResult> {
  const diff = await providerFor(context, goal.type).diff({
    type: goal.type,
    urn: old.urn,
    id: old.id ?? "",
    olds: revealProperties(old.inputs),
    news: revealProperties(inputs),
    outputs: revealProperties(old.outputs),
  });
  const forced = diff.changes.filter((change) =>
    goal.replaceOnChanges.some((pattern) => pathsOverlap(change, pattern)),
  );
  return { ...diff, replaces: [...new Set([...diff.replaces, ...forced])] };
}

/** Makes the resource and records it; in a preview the answer has no id and, as outputs, its inputs. */
export async function create(
  context: Context,
  goal: Goal,
  next: ResourceState,
  step: Omit<Step, "new">,
  /** Stays in the state, to be deleted, once the new one exists. */
  superseded?: ResourceState,
): Promise<ResourceState> {
  const { ledger } = context;
  const record = (state: ResourceState) => {
    if (superseded !== undefined) ledger.supersede(superseded);
    ledger.record(state);
  };
  // Until the provider has answered, the outputs are the inputs: the SDK takes what is missing for unknown.
  const planned = providerFor(context, next.type).planned?.({ inputs: next.inputs });
  const made = { ...next, outputs: planned ?? next.inputs };
  await perform(context, { ...step, new: made }, async () => {
    ledger.beginCreate(made.urn);
    await ledger.save();
    try {
      const call = { ...hookCall(goal, made), id: "" };
      await context.hooks.run("BeforeCreate", goal.hooks.beforeCreate, call);
      const { id, outputs } = await providerFor(context, made.type).create({
        type: made.type,
        urn: made.urn,
        inputs: revealProperties(made.inputs),
        ...(ledger.hasBegun(made.urn) && { begun: true }),
      });
      if (id === "") throw new UserError(`the provider gave ${made.urn} no id`);
      Object.assign(made, { id, outputs: withSecrets(goal, made, outputs) });
      record(made);
      ledger.endCreate(made.urn);
      const after = { ...call, id, newOutputs: made.outputs };
      await context.hooks.run("AfterCreate", goal.hooks.afterCreate, after);
    } catch (error) {
      if (error instanceof PartialFailure) record(partial(goal, made, error));
      // Without an answer the creation stays open in the state, and is told of at the next run.
      if (!(error instanceof NoAnswer)) ledger.endCreate(made.urn);
      throw error;
    } finally {
      await ledger.save();
    }
  });
  if (context.planning) record(made);
  return made;
}

/** Changes the resource in place and records it. */
export async function update(
  context: Context,
  goal: Goal,
  next: ResourceState,
  step: Step,
): Promise<ResourceState> {
  const { old } = step;
  const planned = { ...next, outputs: withSecrets(goal, next, { ...old?.outputs, ...next.inputs }) };
  await perform(context, { ...step, new: planned }, async () => {
    try {
      const call = {
        ...hookCall(goal, next),
        ...(old && { oldInputs: old.inputs, oldOutputs: old.outputs }),
      };
      await context.hooks.run("BeforeUpdate", goal.hooks.beforeUpdate, call);
      const { outputs } = await providerFor(context, next.type).update({
        type: next.type,
        urn: next.urn,
        id: next.id ?? "",
        olds: revealProperties(old?.inputs ?? {}),
        news: revealProperties(next.inputs),
        outputs: revealProperties(old?.outputs ?? {}),
      });
      planned.outputs = withSecrets(goal, next, outputs);
      context.ledger.record(planned);
      const after = { ...call, newOutputs: planned.outputs };
      await context.hooks.run("AfterUpdate", goal.hooks.afterUpdate, after);
    } catch (error) {
      if (error instanceof PartialFailure) context.ledger.record(partial(goal, planned, error));
      throw error;
    } finally {
      await context.ledger.save();
    }
  });
  if (context.planning) context.ledger.record(planned);
  return planned;
}

function hookCall({ name, type }: Goal, { urn, id, inputs }: ResourceState): HookCall {
  return { urn, id: id ?? "", name, type, newInputs: inputs };
}

function partial(goal: Goal, state: ResourceState, failure: PartialFailure): ResourceState {
  const outputs = withSecrets(goal, state, failure.outputs);
  return { ...state, id: failure.id, outputs, initErrors: [failure.message] };
}

/** A provider's outputs, with everything secret in them that was secret in the inputs or is by the goal. */
export function withSecrets(goal: Goal, state: ResourceState, outputs: Properties): Properties {
  const kept = keepSecret(json(outputs), state.inputs);
  const named = goal.additionalSecretOutputs.filter((key) => key in kept);
  return { ...kept, ...Object.fromEntries(named.map((key) => [key, secret(kept[key])])) };
}

/** What JSON keeps: protobuf's Struct throws on `undefined`. */
function json(properties: Properties): Properties {
  // A round trip through JSON keeps a mapping a mapping.
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
