import type { SlotConfig } from "../contract/config.ts";
import { ROUTE_TAGS, SLOT_TAG } from "../contract/route.ts";
import type { Slot } from "../contract/slot.ts";

export type Tags = Readonly<Record<string, string>>;

/** Tags of everything that the stack makes. */
export function stackTags(stack: string): Tags {
  return { [ROUTE_TAGS.stack]: stack };
}

/** Tags of what belongs to a slot, whatever runs on it. */
export function slotTags(stack: string, slot: Slot): Tags {
  return { ...stackTags(stack), [SLOT_TAG]: slot };
}

/** Tags of what holds or runs the model of a slot. An empty slot has no model, and so no such tags. */
export function modelTags(stack: string, slot: Slot, { image, modelVersion }: SlotConfig): Tags {
  if (image === undefined) return slotTags(stack, slot);
  const [reference = image, digest] = image.split("@");
  // Docker's grammar of references: a first part with a dot or a colon is the registry; a last one may have a tag.
  const name = reference.replace(/^(localhost|[^/]*[.:][^/]*)\//, "").replace(/:[^/]*$/, "");
  return {
    ...slotTags(stack, slot),
    "model:name": name,
    ...(modelVersion === undefined ? {} : { "model:version": modelVersion }),
    ...(digest === undefined ? {} : { "model:digest": digest }),
  };
}
