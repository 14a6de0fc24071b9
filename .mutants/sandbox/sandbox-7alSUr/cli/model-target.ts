import { join } from "node:path";
import { RELEASE_KEYS } from "../contract/config/keys.ts";
import { readStackFile, valueIn } from "../validation/adapters/pulumi/stack-file.ts";
import { attempt } from "../validation/reading.ts";
import { chooseModel, modelOfNamedRoute } from "../validation/stack/choose-model.ts";
import type { Context } from "../validation/ports.ts";
import type { StackTarget } from "./stack-target.ts";

/** The stack that a verb works on, and which of its models. */
export type ModelTarget = StackTarget & { readonly model: string };

export interface ModelOptions {
  readonly model?: string | undefined;
  /** Of a verb that needs no engine: models are told by their routes. `arn`: the route that a person has named. */
  readonly byRoute?: { readonly arn: string | undefined };
}

/**
 * `asks`: makes what is wired for the model that is called as the project, where something is to be asked. Throws UserError
 * when it is not clear which is meant.
 */
export async function modelTarget(
  target: StackTarget,
  { model: named, byRoute }: ModelOptions,
  asks: () => Promise<Pick<Context, "project" | "stack" | "memo" | "route" | "store">>,
): Promise<ModelTarget> {
  const { project, stack } = target;
  if (byRoute?.arn !== undefined) {
    return { ...target, model: await modelOfNamedRoute(await asks(), byRoute.arn, named) };
  }
  // Where nobody can say, it is the project's: a verb that has to know finds out that there is none, and which there are.
  const models = async () => {
    const { store, route } = await asks();
    const found = await attempt(() =>
      byRoute === undefined ? store.models() : route.models({ project, stack }),
    );
    return found.readable ? found.value : [];
  };
  const isProjectKnown = async () => {
    const { memo } = await asks();
    const route = await attempt(() => memo.read());
    return (route.readable && route.value !== undefined) || hasReleaseKeys(target);
  };
  return { ...target, model: await chooseModel({ project, named, isProjectKnown, models }) };
}

/** Whether the stack's file has keys that the tools write for the model that is called as the project. */
async function hasReleaseKeys({ directory, stack, project }: StackTarget): Promise<boolean> {
  const path = join(directory, `Pulumi.${stack}.yaml`);
  const file = await attempt(() => readStackFile(path, project));
  const found = file.readable ? file.value : undefined;
  return found !== undefined && RELEASE_KEYS.some((key) => valueIn(found, key) !== undefined);
}
