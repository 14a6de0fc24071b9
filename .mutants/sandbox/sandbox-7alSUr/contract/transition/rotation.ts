import type { TaskPart } from "../config/task-settings.ts";
import { sameNames, variablesOf } from "../config/variables.ts";
import type { PartChange } from "./definition-changes.ts";
import { movesUsers } from "./routing.ts";
import type { SlotTransition } from "./step.ts";

/**
 * A task reads what its secrets' ARNs hold when it starts, and never again (Amazon ECS, "Pass Secrets Manager secrets
 * through Amazon ECS environment variables": a secret that is updated takes a new task). So `rotate` starts a slot's
 * tasks anew, with other values of variables that they have already.
 */
const RENEWED: readonly TaskPart[] = ["rotated", "environment", "secrets"];

/**
 * Whether this is what `rotate` writes of a slot, and nothing else: by the tools, while nobody is shifted or moved. `changes`:
 * all that the update changes on it.
 */
export function isRotation(step: SlotTransition, changes: readonly PartChange[]): boolean {
  const { previous, next, slot } = step;
  const isByTools = next.generation > previous.generation;
  const isAlone = previous.split[previous.activeSlot] === 100 && !movesUsers(previous, next);
  const isRotated = changes.some(({ part }) => part === "rotated");
  if (!isByTools || !isAlone || !isRotated || !changes.every(({ part }) => RENEWED.includes(part)))
    return false;
  if (changes.every(({ part }) => part === "rotated")) return true;
  const known = previous.slots[slot]?.variables;
  return known !== undefined && sameNames(known, variablesOf(next, slot));
}
