import type { TaskSettings } from "./task-settings.ts";
import type { Slot } from "../slot.ts";

/**
 * What the container is told about itself, beside `PORT`, since version 0.2: a slot whose model an earlier version
 * deployed, or that a person has filled manually, has no release and is told nothing, so its task definition stays as
 * it is. Nothing of routing is among it: a change of traffic would replace tasks.
 */
export const TOLD_NAMES = ["SLOT", "STACK", "MODEL_VERSION", "RELEASE"] as const;

/** @param stack what names on AWS were made of: a stack that is renamed keeps it, and its tasks. */
export function toldVariables(
  { release, modelVersion }: Pick<TaskSettings, "release" | "modelVersion">,
  slot: Slot,
  stack: string,
): Readonly<Partial<Record<(typeof TOLD_NAMES)[number], string>>> {
  if (release === "") return {};
  return { SLOT: slot, STACK: stack, MODEL_VERSION: modelVersion, RELEASE: release };
}
