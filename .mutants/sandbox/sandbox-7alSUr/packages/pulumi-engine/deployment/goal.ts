import type { Alias } from "./aliases.ts";
import { NO_HOOKS, type HookBinding } from "./hook-binding.ts";
import type { Properties } from "../values/provider.ts";
import type { ResourceState } from "../state/state.ts";

/** A function of the program that changes what it is about to register. */
export type GoalTransform = (goal: Goal) => Promise<Goal>;

/** A resource as the program wants it. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  /** URN. */
  parent?: string;
  /** Secrets are wrapped (values.ts). */
  inputs: Properties;
  /** URNs, implicit and explicit. */
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** `<URN>::<id>` of an explicit provider. */
  provider?: string;
  protect: boolean;
  retainOnDelete: boolean;
  /** Undefined: as the provider says. */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  aliases: Alias[];
  additionalSecretOutputs: string[];
  customTimeouts: Record<string, string>;
  hooks: HookBinding;
  /** Its own, which its children get, too. */
  transforms: readonly GoalTransform[];
}

/** A goal with nothing but the essentials. */
export function plainGoal(goal: Pick<Goal, "type" | "name" | "custom" | "inputs"> & Partial<Goal>): Goal {
  return {
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    retainOnDelete: false,
    ignoreChanges: [],
    replaceOnChanges: [],
    aliases: [],
    additionalSecretOutputs: [],
    customTimeouts: {},
    hooks: NO_HOOKS,
    transforms: [],
    ...goal,
  };
}

/** The state that the goal leads to; its id and outputs are those of `old`, when there is one. */
export function stateOf(goal: Goal, urn: string, inputs: Properties, old?: ResourceState): ResourceState {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    ...(old?.id !== undefined && { id: old.id }),
    ...(goal.parent !== undefined && { parent: goal.parent }),
    ...(goal.provider !== undefined && { provider: goal.provider }),
    inputs,
    outputs: old?.outputs ?? {},
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    ...(goal.protect && { protect: true }),
    ...(goal.retainOnDelete && { retainOnDelete: true }),
    ...(Object.keys(goal.customTimeouts).length > 0 && { customTimeouts: goal.customTimeouts }),
  };
}
