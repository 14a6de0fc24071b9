import * as pulumi from "@pulumi/pulumi";
import type { SlotConfig } from "../contract/config/keys.ts";
import type { Names } from "../contract/names/names.ts";
import { ROUTE_TAGS, SLOT_TAG } from "../contract/route/route.ts";
import type { Slot } from "../contract/slot.ts";

export type Tags = Readonly<Record<string, string>>;

/**
 * Tags of everything that the stack makes: what it is called now. What 0.1 has made stays as it tagged it, without
 * the project; only the route, which is looked for by its tags, gets both.
 */
export function stackTags({ origin }: Names): Tags {
  const stack = { [ROUTE_TAGS.stack]: pulumi.getStack() };
  return origin.id === undefined ? stack : { ...stack, [ROUTE_TAGS.project]: pulumi.getProject() };
}

/** Tags of what belongs to a slot, whatever runs on it. */
export function slotTags(names: Names, slot: Slot): Tags {
  return { ...stackTags(names), [SLOT_TAG]: slot };
}

/** Tags of what holds or runs the model of a slot. An empty slot has no model, and so no such tags. */
export function modelTags(names: Names, slot: Slot, { image, modelVersion }: SlotConfig): Tags {
  if (image === undefined) return slotTags(names, slot);
  const [reference = image, digest] = image.split("@");
  // Docker's grammar of references: a first part with a dot or a colon is the registry; a last one may have a tag.
  const name = reference.replace(/^(localhost|[^/]*[.:][^/]*)\//, "").replace(/:[^/]*$/, "");
  return {
    ...slotTags(names, slot),
    "model:name": name,
    ...(modelVersion === undefined ? {} : { "model:version": modelVersion }),
    ...(digest === undefined ? {} : { "model:digest": digest }),
  };
}
