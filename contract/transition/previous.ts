import { perSlot, type PerSlot, type Slot } from "../slot.ts";
import { splitOf, type Split } from "../route/split.ts";
import { hasTestGroup, type StackConfig } from "../config/stack-config.ts";
import { entranceMemory, schemeOf, type EntranceMemory, type Scheme } from "./entrance-memory.ts";
import { networkMemory, type NetworkMemory } from "./network-memory.ts";
import { variablesOf, type Variables } from "../config/variables.ts";
import { definitionOf, taskSettings, type Definition } from "../config/task-settings.ts";

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
  /** Whether the slots' services had their test groups; undefined: not remembered, and not compared. */
  readonly hasTestGroup?: boolean | undefined;
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
    hasTestGroup: hasTestGroup(config),
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
