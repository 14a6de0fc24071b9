import { isRecord } from "../config/field.ts";
import { isSlot } from "../slot.ts";
import { readEntrance, type Scheme } from "./entrance-memory.ts";
import { readNetwork } from "./network-memory.ts";
import { readVariables } from "../config/variables.ts";
import { readDefinition } from "../config/task-settings.ts";
import type { Previous, PreviousSlot } from "./previous.ts";

/** The outputs that remember. */
export const REMEMBERING_OUTPUTS = ["activeSlot", "split", "generation", "slots", "network"] as const;

/**
 * Reads what the stack's last outputs remember; undefined when they are not such as this program writes. More
 * forgiving than `parseOutputs`, on purpose: an output that a later version adds must not lock out the stacks
 * that an earlier one deployed.
 */
export function readPrevious(outputs: Readonly<Record<string, unknown>>): Previous | undefined {
  const { activeSlot, split, generation, slots } = outputs;
  const network = readNetwork(outputs["network"]);
  if (!isSlot(activeSlot) || !isRecord(split) || typeof generation !== "number" || !isRecord(slots)) {
    return undefined;
  }
  const { blue, green } = split;
  if (typeof blue !== "number" || typeof green !== "number") return undefined;
  const variables = isRecord(outputs["variables"]) ? outputs["variables"] : {};
  const read = {
    blue: readSlot(slots["blue"], variables["blue"]),
    green: readSlot(slots["green"], variables["green"]),
  };
  if (read.blue === undefined || read.green === undefined) return undefined;
  return {
    activeSlot,
    split: { blue, green },
    generation,
    slots: { blue: read.blue.running, green: read.green.running },
    ...(network && { network }),
    scheme: network?.listenerArn === "" ? schemeIn(outputs["url"]) : undefined,
    entrance: readEntrance(outputs["entrance"]),
  };
}

function schemeIn(url: unknown): Scheme | undefined {
  if (typeof url !== "string") return undefined;
  return url.startsWith("https:") ? "https" : "http";
}

function readSlot(
  raw: unknown,
  variables: unknown,
): { readonly running: PreviousSlot | undefined } | undefined {
  if (!isRecord(raw)) return undefined;
  const { running } = raw;
  if (running === undefined || running === null) return { running: undefined };
  if (!isRecord(running)) return undefined;
  const { image, minTasks, maxTasks, definition } = running;
  if (typeof image !== "string" || typeof minTasks !== "number") return undefined;
  const most = typeof maxTasks === "number" ? { maxTasks } : {};
  const known = { ...readDefinition(definition), image };
  return { running: { minTasks, ...most, definition: known, variables: readVariables(variables) } };
}
