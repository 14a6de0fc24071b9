import { modelOfRoute } from "../../contract/route/route-tags.ts";
import { UserError } from "../errors.ts";
import type { Context } from "../ports.ts";

/** What a verb was told, and what this machine knows, of the model that it works on. */
export interface ModelAsked {
  readonly project: string;
  /** As the command line, or the environment, names it. */
  readonly named: string | undefined;
  /** Whether the model that is called as the project is known here without asking: by the stack's file, or its route. */
  readonly isProjectKnown: () => Promise<boolean>;
  /** The models that the stack has. */
  readonly models: () => Promise<readonly string[]>;
}

/**
 * Which model of its stack a verb works on: the one that is named; else the one that is called as the project, where there is
 * one; else the only one. A stack that has none yet is of the project. @throws UserError BG401 when it is not clear.
 */
export async function chooseModel({ project, named, isProjectKnown, models }: ModelAsked): Promise<string> {
  if (named !== undefined && named !== "") return named;
  if (await isProjectKnown()) return project;
  const found = await models();
  const [only = project, ...others] = found;
  if (others.length === 0 || found.includes(project)) return found.includes(project) ? project : only;
  throw new UserError("BG401", `They are ${found.join(", ")}.`);
}

/**
 * The model of a route that is named by its ARN, which needs no engine and no search. @throws UserError BG402 when another
 * model is named, and BG122 when it is no route of the stack.
 */
export async function modelOfNamedRoute(
  { route, project, stack }: Pick<Context, "route" | "project" | "stack">,
  routeArn: string,
  named: string | undefined,
): Promise<string> {
  const own = (await route.tags([routeArn])).get(routeArn) ?? {};
  const found = modelOfRoute(own, { project, stack });
  if (found === undefined) throw new UserError("BG122", `Looked at ${routeArn}.`);
  if (named !== undefined && named !== found) throw new UserError("BG402", `It is ${found}'s.`);
  return found;
}
