import { isRecord } from "../config/field.ts";

type Outputs = Readonly<Record<string, unknown>>;

/**
 * The outputs of one model among those of its stack: they are the stack's own, as in the program of this repository, or
 * one of them, under any name. `{}`: there are none of it.
 */
export function outputsOfModel(stack: Outputs, model: string, project: string): Outputs {
  if (modelIn(stack, project) === model) return stack;
  const found = Object.values(stack).find((value) => isRecord(value) && value["model"] === model);
  return isRecord(found) ? found : {};
}

/** Every model whose outputs a stack exports, sorted. */
export function modelsIn(stack: Outputs, project: string): readonly string[] {
  const own = modelIn(stack, project);
  const others = Object.values(stack).flatMap((value) =>
    isRecord(value) && typeof value["model"] === "string" && isRecord(value["slots"]) ? [value["model"]] : [],
  );
  return [...new Set([...(own === undefined ? [] : [own]), ...others])].toSorted();
}

/** Version 0.1 named none: its stacks had one. */
function modelIn(outputs: Outputs, project: string): string | undefined {
  const { model, slots, activeSlot } = outputs;
  if (typeof model === "string") return model;
  return isRecord(slots) || activeSlot !== undefined ? project : undefined;
}
