import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import { copyOf, hasAllOf, isSame } from "./arguments.ts";
import type { ChildArgs, ChildKind } from "./child-args.ts";
import { PROMISED, type Promised } from "./promises.ts";

/** For each kind: the arguments as they were meant → as they shall be. `name`: the child's name, such as `blue-production`. */
export type ChildTransforms = {
  readonly [K in ChildKind]?: (args: ChildArgs[K], name: string) => ChildArgs[K];
};

export type ChildTransform = <K extends ChildKind>(kind: K, name: string, args: ChildArgs[K]) => ChildArgs[K];

/**
 * Carries out what the program asks for.
 * @throws pulumi.RunError when a transform changes what the product promises, with that promise.
 */
export function transformBy(transforms: ChildTransforms, model: string): ChildTransform {
  return (kind, name, args) => {
    const transform = transforms[kind];
    if (transform === undefined) return args;
    // A transform may write into what it gets; what it may not change is compared with what it never had in its hands.
    const changed = transform(copyOf(args), name);
    const before: Readonly<Record<string, unknown>> = { ...args };
    const after: Readonly<Record<string, unknown>> = { ...changed };
    const promises: Readonly<Record<string, Promised>> = PROMISED[kind] ?? {};
    const problems = Object.entries(promises).flatMap(([key, promised]) => {
      const onlyAdd = typeof promised !== "string";
      if (onlyAdd ? hasAllOf(after[key], before[key]) : isSame(after[key], before[key])) return [];
      const [as, promise, fix] = onlyAdd
        ? [
            "with all that it has, once, beside your own",
            promised.onlyAdd,
            `keep what ${key} has in transform.${kind}`,
          ]
        : ["as it is", promised, `leave ${key} out of transform.${kind}`];
      return problem(
        `transform.${kind}`,
        `another ${key} of ${model}-${name}`,
        `${key} ${as}: ${promise}`,
        `${fix} in the program`,
      );
    });
    if (problems.length > 0) throw new pulumi.RunError(showProblems(problems));
    return changed;
  };
}
