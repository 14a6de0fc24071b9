import { isRecord } from "../../contract/field.ts";
import { copyOf, type ModelKey, type ModelService } from "../../contract/model-service.ts";
import { SLOTS, type Slot } from "../../contract/slot.ts";
import type { StackConfig } from "../../contract/stack-config.ts";
import type { KeyChange } from "./changes.ts";

/** What of the deployed configuration this is made from; `hidden`: keys in which something is encrypted. */
export interface Deployed {
  readonly config: StackConfig;
  readonly raw: Readonly<Record<string, string>>;
  readonly hidden: readonly string[];
}

/** Keys whose text a person may have encrypted. Pulumi's history tells of a whole object whether any of it is. */
const MAYBE_ENCRYPTED: readonly ModelKey[] = ["environment", "secrets", "command"];

/**
 * What a deploy copies of the template: all that a model needs to run. Where something of `service` is encrypted, its
 * texts are not copied, or they would stand in clear beside it: these stay those of `service`, and edits of them under
 * a slot in use are refused as before.
 */
export function templateCopy({ config, hidden }: Omit<Deployed, "raw">): Partial<ModelService> {
  const copy = Object.entries(copyOf(config.service)).filter(([, value]) => value !== undefined);
  const isOpen = ([key]: readonly [string, unknown]) => !MAYBE_ENCRYPTED.some((one) => one === key);
  // Entries of a whole copy, so the rest of them is a part of it.
  return Object.fromEntries(hidden.includes("service") ? copy.filter(isOpen) : copy) as Partial<ModelService>;
}

/**
 * A copy for each slot with a model that has none or not all of it, as the template is deployed: changes nothing that
 * runs. A slot in which something is encrypted is left alone, `except` too.
 */
export function frozenSlots(deployed: Deployed, except?: Slot): KeyChange {
  const { config, raw, hidden } = deployed;
  const copy = templateCopy(deployed);
  const entries = SLOTS.flatMap((slot) => {
    if (slot === except || config.slots[slot].image === undefined || hidden.includes(slot)) return [];
    const written: unknown = JSON.parse(raw[slot] ?? "{}");
    const own = isRecord(written) ? written : {};
    const known = isRecord(own["service"]) ? own["service"] : {};
    const isWhole = Object.keys(copy).every((key) => known[key] !== undefined);
    return isWhole ? [] : [[slot, { ...own, service: { ...copy, ...known } }] as const];
  });
  return Object.fromEntries(entries);
}
