import type { Goal, GoalTransform } from "./goal.ts";

/** Keeps the transforms of the stack and of each resource, for what hangs under them. */
export interface Transforms {
  /** Of everything in the stack that is registered from now on. */
  addToStack(transform: GoalTransform): void;
  /** The goal as its own transforms, those above it, and those of the stack make it, in this order. */
  apply(goal: Goal): Promise<Goal>;
  /** Says what the resource of that goal is called, so that its children find its transforms. */
  keep(goal: Goal, urn: string): void;
}

export function createTransforms(): Transforms {
  const ofStack: GoalTransform[] = [];
  const known = new Map<
    string,
    { readonly parent: string | undefined; readonly own: readonly GoalTransform[] }
  >();
  const above = (urn: string | undefined): readonly GoalTransform[] => {
    const found = urn === undefined ? undefined : known.get(urn);
    return found === undefined ? [] : [...found.own, ...above(found.parent)];
  };
  return {
    addToStack: (transform) => ofStack.push(transform),
    // The order is Pulumi's (pkg/resource/deploy/source_eval.go, RegisterResource): own, each parent's, the stack's.
    async apply(goal) {
      let changed = goal;
      for (const transform of [...goal.transforms, ...above(goal.parent), ...ofStack]) {
        changed = await transform(changed);
      }
      return changed;
    },
    keep: ({ parent, transforms }, urn) => known.set(urn, { parent, own: transforms }),
  };
}
