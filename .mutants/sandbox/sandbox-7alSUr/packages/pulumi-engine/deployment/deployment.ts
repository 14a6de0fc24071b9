import { formerUrns } from "./aliases.ts";
import { ResourceFailure, fail, perform, type Context } from "./context.ts";
import { Stopped } from "./control.ts";
import { deployCustom } from "./custom-resource.ts";
import { deleteAll } from "./deletion.ts";
import { stateOf, type Goal } from "./goal.ts";
import type { Properties } from "../values/provider.ts";
import { constructComponent } from "./remote-component.ts";
import type { ResourceState } from "../state/state.ts";
import type { Deployment, ReadRequest, Registered } from "./registrations.ts";
import type { Targets } from "./targets.ts";
import { STACK_TYPE, urnOf } from "../values/urn.ts";
import { hasUnknown } from "../values/values.ts";

export function createDeployment(context: Context, targets: Targets): Deployment {
  const { ledger } = context;
  const seen = new Set<string>();
  const skipped = new Set<string>();
  /** By present URN. */
  const former = new Map<string, string[]>();
  const replaced = new Map<string, ResourceState>();
  let stackOutputs: Properties | undefined;

  const guarded = <T>(operation: () => Promise<T>): Promise<T> => guard(context, operation);

  const claim = (r: { type: string; name: string; parent?: string | undefined }): string => {
    const urn = urnOf({ stack: context.stack, project: context.project, ...r });
    if (seen.has(urn))
      throw new ResourceFailure(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
    seen.add(urn);
    return urn;
  };

  const deploy = async (goal: Goal, urn: string): Promise<ResourceState | undefined> => {
    const parents = goal.parent === undefined ? [] : (former.get(goal.parent) ?? []);
    const urns = formerUrns(
      { stack: context.stack, project: context.project, ...goal },
      goal.aliases,
      parents,
    );
    former.set(urn, urns);
    const old = findOld(context, urn, urns);
    if (!targets.has(urn, goal)) return leaveAlone(context, old);
    const absent = goal.dependencies.find((dependency) => skipped.has(dependency));
    if (absent !== undefined) {
      // A component that nobody named has come by itself, and goes with what it is made of, as on Pulumi's CLI.
      if (!targets.names(urn)) return leaveAlone(context, old);
      throw new ResourceFailure(urn, `it depends on ${absent}, which does not exist yet and is no --target`);
    }
    if (goal.custom)
      return deployCustom(context, goal, urn, old?.external === true ? undefined : old, replaced);
    return deployComponent(context, goal, urn, old);
  };

  const deployment: Deployment = {
    register: (wanted) =>
      guarded(async () => {
        const goal = await context.transforms.apply(wanted);
        const urn = claim(goal);
        context.transforms.keep(goal, urn);
        const state = await deploy(goal, urn);
        if (state !== undefined) return { urn, id: state.id, outputs: state.outputs, skipped: false };
        skipped.add(urn);
        return { urn, outputs: {}, skipped: true };
      }),
    construct: (goal, components) => constructComponent(context, deployment, goal, components),
    registerOutputs: (urn, outputs) =>
      guarded(async () => {
        const state = recordOutputs(context, urn, outputs);
        if (state.type === STACK_TYPE) stackOutputs = outputs;
      }),
    read: (request, lookUp) => guarded(() => readExternal(context, request, claim(request), lookUp)),
    async finish() {
      try {
        await guarded(async () => {
          targets.checkAllExist([...seen, ...ledger.previous.resources.map(({ urn }) => urn)], context.stack);
          await deleteAll(context, leftBehind(context, targets));
        });
      } catch {
        // Told already: `guarded` rejects with Stopped only.
        return false;
      }
      if (stackOutputs !== undefined) ledger.setOutputs(finalOutputs(context, stackOutputs));
      return true;
    },
  };
  return deployment;
}

/** Runs it unless the deployment is stopped; an error is told and stops it. Rejects with Stopped only. */
function guard<T>(context: Context, operation: () => Promise<T>): Promise<T> {
  return context.control.run(async () => {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof Stopped)) fail(context, error);
      throw new Stopped();
    }
  });
}

function findOld({ ledger }: Context, urn: string, former: string[]): ResourceState | undefined {
  const alias = former.find((name) => ledger.old(name) !== undefined);
  if (ledger.old(urn) === undefined && alias !== undefined) ledger.rename(alias, urn);
  return ledger.old(urn);
}

/** `--target` names others: the resource stays as it is, whatever the program says now. */
async function leaveAlone(
  context: Context,
  old: ResourceState | undefined,
): Promise<ResourceState | undefined> {
  if (old === undefined) return undefined;
  await perform(context, { op: "same", old, new: old }, () => Promise.resolve());
  context.ledger.record(old);
  return old;
}

async function deployComponent(
  context: Context,
  goal: Goal,
  urn: string,
  old: ResourceState | undefined,
): Promise<ResourceState> {
  const state = { ...stateOf(goal, urn, goal.inputs, old), outputs: old?.outputs ?? goal.inputs };
  const step =
    old === undefined ? ({ op: "create", new: state } as const) : ({ op: "same", old, new: state } as const);
  await perform(context, step, () => Promise.resolve());
  context.ledger.record(state);
  // The program is answered with the inputs only: outputs are its own to register.
  return { ...state, outputs: goal.inputs };
}

function recordOutputs({ ledger, reporter }: Context, urn: string, outputs: Properties): ResourceState {
  const state = ledger.recorded(urn);
  if (state === undefined) throw new ResourceFailure(urn, "its outputs came before the resource itself");
  const old = { ...state };
  state.outputs = outputs;
  reporter.outputs({ op: "same", old, new: state });
  return state;
}

async function readExternal(
  context: Context,
  request: ReadRequest,
  urn: string,
  lookUp: () => Promise<Properties | undefined>,
): Promise<Registered> {
  const outputs = await lookUp();
  if (outputs === undefined) throw new ResourceFailure(urn, `resource '${request.id}' does not exist`);
  const state: ResourceState = {
    urn,
    type: request.type,
    custom: true,
    external: true,
    id: request.id,
    ...(request.parent !== undefined && { parent: request.parent }),
    inputs: request.inputs,
    outputs,
    dependencies: request.dependencies,
    propertyDependencies: {},
  };
  await perform(context, { op: "read", old: context.ledger.old(urn), new: state }, () => Promise.resolve());
  context.ledger.record(state);
  return { urn, id: request.id, outputs, skipped: false };
}

/** What the program no longer has, and what has been replaced; of these the targets only. */
function leftBehind(context: Context, targets: Targets): ResourceState[] {
  const { ledger } = context;
  for (const state of ledger.leftovers()) if (state.external === true) ledger.remove(state);
  return ledger.leftovers().filter((state) => targets.has(state.urn));
}

/** Outputs that need a resource left out by `--target` stay as they were; a preview shows them as unknown. */
function finalOutputs({ planning, ledger }: Context, outputs: Properties): Properties {
  if (planning) return outputs;
  const { outputs: previous } = ledger.previous;
  const entries = Object.entries(outputs).map(([key, value]) => [
    key,
    hasUnknown(value) ? previous[key] : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
