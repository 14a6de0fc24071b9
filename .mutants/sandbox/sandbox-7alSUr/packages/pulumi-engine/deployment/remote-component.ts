import { fail, ResourceFailure, type Context } from "./context.ts";
import { Stopped } from "./control.ts";
import type { Deployment, Registered } from "./registrations.ts";
import { messageOf, notSupported } from "../errors.ts";
import { plainGoal, type Goal } from "./goal.ts";
import { UNKNOWN, type ComponentProvider, type Properties, type RegisterChild } from "../values/provider.ts";
import { keepSecret, revealProperties } from "../values/values.ts";

/** Registers the component, lets `components` register its children, and then its outputs. Rejects with Stopped. */
export async function constructComponent(
  context: Context,
  deployment: Deployment,
  goal: Goal,
  components: ComponentProvider,
): Promise<Registered> {
  const component = await deployment.register(goal);
  // `--target` left it out: it has no children to make, and would make them of what is not known.
  if (component.skipped) return component;
  try {
    if (!components.constructs(goal.type)) throw notSupported(`the remote component ${goal.type}`);
    const { outputs } = await components.construct(
      { type: goal.type, name: goal.name, urn: component.urn, inputs: revealProperties(goal.inputs) },
      childRegistration(deployment, goal, component.urn),
    );
    const kept = keepSecret(asOnTheWire(outputs), goal.inputs);
    await deployment.registerOutputs(component.urn, kept);
    return { ...component, outputs: kept };
  } catch (error) {
    if (!(error instanceof Stopped)) fail(context, new ResourceFailure(component.urn, messageOf(error)));
    throw new Stopped();
  }
}

function childRegistration(deployment: Deployment, component: Goal, componentUrn: string): RegisterChild {
  return async (child) => {
    const registered = await deployment.register(
      plainGoal({
        type: child.type,
        name: child.name,
        custom: true,
        parent: child.parent ?? componentUrn,
        inputs: keepSecret(asOnTheWire(child.inputs), component.inputs),
        // What the component needed, each of its children may need.
        dependencies: [...new Set([...component.dependencies, ...(child.dependsOn ?? [])])],
        // Children inherit these from their parent (sdk/nodejs/resource.ts).
        protect: child.protect ?? component.protect,
        retainOnDelete: component.retainOnDelete,
        ...(child.ignoreChanges !== undefined && { ignoreChanges: child.ignoreChanges }),
      }),
    );
    return {
      urn: registered.urn,
      id: registered.id ?? UNKNOWN,
      outputs: revealProperties(registered.outputs),
    };
  };
}

/** A component runs in this process; a plugin's values would have come as JSON, in which nothing is undefined. */
function asOnTheWire(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties));
}
