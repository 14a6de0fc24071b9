import { saidBy } from "../config/model-service.ts";
import { SLOTS, type Slot } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { definitionOf, taskSettings, type Definition, type TaskPart } from "../config/task-settings.ts";
import { changedVariables, variablesOf } from "../config/variables.ts";
import type { Previous } from "./previous.ts";

/** One part of a slot's task definition that an update would change. */
export interface PartChange {
  readonly part: TaskPart;
  /** The configuration key that says it. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Parts that every version remembers which could give them another value than this one. */
const ALWAYS_WAS: Definition = {
  kind: "ecs",
  rotated: "",
  algorithm: "round_robin",
  slowStartSeconds: "0",
  agent: "",
  told: "1",
};

/** What an update would change in the task definition of a slot that was not empty and shall not be. */
export function definitionChanges(previous: Previous, next: StackConfig, slot: Slot): readonly PartChange[] {
  const before = previous.slots[slot]?.definition;
  const settings = taskSettings(next, slot);
  if (before === undefined || settings === undefined || isRoutingWrite(previous, next)) return [];
  const after = definitionOf(settings);
  // Every key of the object is one of TaskSettings, by the type of `definitionOf`.
  return (Object.keys(after) as TaskPart[]).flatMap((part): readonly PartChange[] => {
    const known = before[part] ?? ALWAYS_WAS[part];
    const kind = part === "environment" || part === "secrets" ? part : undefined;
    const variables = previous.slots[slot]?.variables;
    if (kind !== undefined && variables !== undefined) {
      const keys = changedVariables(variables, variablesOf(next, slot), kind);
      return keys.map((key) => ({ part, key, before: known ?? "", after: after[part] }));
    }
    const isSame = known === undefined || known === after[part];
    // From Fargate to instances and back is a change of the capacity, which says it all.
    const isOther = part === "capacityProvider" && (known === "" || after[part] === "");
    // Another model comes with a version and a release of its own.
    const isOfModel = isOfRelease(part) && before.image !== after.image;
    return isSame || isOther || isOfModel
      ? []
      : [{ part, key: partKey(next, slot, part), before: known, after: after[part] }];
  });
}

/**
 * Whether this is a write of the tools (only they raise the generation) that leaves both slots as they are: a
 * share, a promotion, a revert, a restored route. The tools run it with the deployed configuration and with
 * `--target` on the route. So when a definition differs all the same, it is because this version of the program
 * has other defaults than the one that deployed; the update does not carry that out, and must not be refused for
 * it, or a newer checkout could not revert.
 */
export function isRoutingWrite(previous: Previous, next: StackConfig): boolean {
  if (next.generation <= previous.generation) return false;
  return SLOTS.every((slot) => {
    const { image, minTasks, rotated = "" } = next.slots[slot];
    const before = previous.slots[slot];
    if (before === undefined) return image === undefined;
    const isRotated = rotated !== (before.definition.rotated ?? "");
    return image === before.definition.image && minTasks === before.minTasks && !isRotated;
  });
}

const isOfRelease = (part: TaskPart): part is "release" | "modelVersion" | "rotated" | "told" =>
  part === "release" || part === "modelVersion" || part === "rotated" || part === "told";

/** A slot's own keys are those of its release; `service.…` holds for both slots. */
function partKey(config: StackConfig, slot: Slot, part: TaskPart): string {
  return part === "image" || isOfRelease(part) ? `${slot}.${part}` : saidBy(config, slot, part);
}
