import { copyOf } from "../../../contract/config/model-service.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { KeyChange } from "./changes.ts";
import { asRecord, written } from "./written.ts";

/** What of the deployed stack this is made from. */
export interface Freezable {
  readonly config: StackConfig;
  readonly raw: Readonly<Record<string, string>>;
}

/**
 * A copy for each slot with a model that has none or not all of it, as the template is deployed: changes nothing that
 * runs. What of it is a secret stays one (validation/adapters/pulumi/sealed.ts).
 */
export function frozenSlots({ config, raw }: Freezable, except?: Slot): KeyChange {
  // What is undefined, JSON leaves out. The template's agent is for the next deploy.
  const copy = Object.entries({ ...copyOf(config.service), agent: undefined }).filter(
    ([, value]) => value !== undefined,
  );
  const entries = SLOTS.flatMap((slot) => {
    if (slot === except || config.slots[slot].image === undefined) return [];
    const own = written(raw, slot);
    const known = asRecord(own["service"]);
    const isWhole = copy.every(([key]) => known[key] !== undefined);
    return isWhole ? [] : [[slot, { ...own, service: { ...Object.fromEntries(copy), ...known } }] as const];
  });
  return Object.fromEntries(entries);
}
