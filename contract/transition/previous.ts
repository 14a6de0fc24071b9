import { isRecord } from "../config/field.ts";
import { isSlot, perSlot, type PerSlot, type Slot } from "../slot.ts";
import { splitOf, type Split } from "../route/split.ts";
import type { StackConfig } from "../config/stack-config.ts";
import {
  entranceMemory,
  readEntrance,
  schemeOf,
  type EntranceMemory,
  type Scheme,
} from "./entrance-memory.ts";
import { networkMemory, readNetwork, type NetworkMemory } from "./network-memory.ts";
import { readVariables, variablesOf, type Variables } from "../config/variables.ts";
import { definitionOf, readDefinition, taskSettings, type Definition } from "../config/task-settings.ts";

/** What a slot with a service ran with. */
export interface PreviousSlot {
  readonly minTasks: number;
  /** undefined: not remembered, and not compared. */
  readonly maxTasks?: number;
  /** Parts that the version of the program which deployed it did not remember are absent, and not compared. */
  readonly definition: Definition;
  /** undefined: as with parts of the definition. */
  readonly variables?: Variables | undefined;
}

/** A stack as its last succeeded update left it: what its outputs remember of it. */
export interface Previous {
  readonly activeSlot: Slot;
  readonly split: Split;
  readonly generation: number;
  /** undefined: the slot was empty. */
  readonly slots: PerSlot<PreviousSlot | undefined>;
  /** undefined: a version of the program deployed it that did not remember, and nothing is compared. */
  readonly network?: NetworkMemory;
  /** How users come to the stack's own load balancer; undefined: by another's, or not remembered. */
  readonly scheme?: Scheme | undefined;
  /** Of the stack's own load balancer; undefined: it has none, or a version deployed it that did not remember. */
  readonly entrance?: EntranceMemory | undefined;
}

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

/** What the outputs will remember of a stack that was deployed with this configuration. */
export function previousOf({ activeSlot, split, generation, ...config }: StackConfig): Previous {
  const slots = perSlot((slot) => {
    const settings = taskSettings(config, slot);
    const { minTasks, maxTasks } = config.slots[slot];
    const variables = variablesOf(config, slot);
    return settings && { minTasks, maxTasks, definition: definitionOf(settings), variables };
  });
  return {
    activeSlot,
    split,
    generation,
    slots,
    network: networkMemory(config.network),
    scheme: schemeOf(config),
    entrance: entranceMemory(config, "listener"),
  };
}

/** A first run is the step from a stack on which nothing ran: it takes nothing from anybody. */
export function emptyStack(activeSlot: Slot): Previous {
  return {
    activeSlot,
    split: splitOf(activeSlot, 0),
    generation: 0,
    slots: { blue: undefined, green: undefined },
  };
}
