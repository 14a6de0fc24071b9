import * as v from "valibot";
import { isRecord } from "../config/field.ts";
import { perSlot, SLOTS } from "../slot.ts";
import { readEntrance, type Scheme } from "./entrance-memory.ts";
import { readNetwork } from "./network-memory.ts";
import { readVariables } from "../config/variables.ts";
import { readDefinition } from "../config/task-settings.ts";
import type { Previous, PreviousSlot } from "./previous.ts";

/** The outputs that remember. */
export const REMEMBERING_OUTPUTS = ["activeSlot", "split", "generation", "slots", "network"] as const;

const running = v.object({
  image: v.string(),
  minTasks: v.number(),
  maxTasks: v.fallback(v.optional(v.number()), undefined),
  definition: v.optional(v.unknown()),
});
const slot = v.object({ running: v.nullish(running) });
const outputs = v.object({
  activeSlot: v.picklist(SLOTS),
  split: v.object({ blue: v.number(), green: v.number() }),
  generation: v.number(),
  slots: v.object({ blue: slot, green: slot }),
});

/**
 * Reads what the stack's last outputs remember; undefined when they are not such as this program writes. More
 * forgiving than `parseOutputs`, on purpose: an output that a later version adds must not lock out the stacks
 * that an earlier one deployed.
 */
export function readPrevious(raw: Readonly<Record<string, unknown>>): Previous | undefined {
  const read = v.safeParse(outputs, raw);
  if (!read.success) return undefined;
  const { slots, ...told } = read.output;
  const network = readNetwork(raw["network"]);
  const variables = isRecord(raw["variables"]) ? raw["variables"] : {};
  return {
    ...told,
    slots: perSlot((one) => previousSlot(slots[one].running, variables[one])),
    ...(network && { network }),
    scheme: network?.listenerArn === "" ? schemeIn(raw["url"]) : undefined,
    entrance: readEntrance(raw["entrance"]),
    ...(typeof raw["hasTestGroup"] === "boolean" && { hasTestGroup: raw["hasTestGroup"] }),
  };
}

function schemeIn(url: unknown): Scheme | undefined {
  if (typeof url !== "string") return undefined;
  return url.startsWith("https:") ? "https" : "http";
}

function previousSlot(
  read: v.InferOutput<typeof slot>["running"],
  variables: unknown,
): PreviousSlot | undefined {
  if (read === undefined || read === null) return undefined;
  const { image, minTasks, maxTasks, definition } = read;
  const most = maxTasks === undefined ? {} : { maxTasks };
  const known = { ...readDefinition(definition), image };
  return { minTasks, ...most, definition: known, variables: readVariables(variables) };
}
