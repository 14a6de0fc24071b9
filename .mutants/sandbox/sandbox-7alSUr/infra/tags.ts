import * as pulumi from "@pulumi/pulumi";
import type { SlotConfig } from "../contract/config/keys.ts";
import type { Place } from "./component/place.ts";
import { modelTag, ROUTE_TAGS, SLOT_TAG } from "../contract/route/route.ts";
import type { Slot } from "../contract/slot.ts";

export type Tags = Readonly<Record<string, string>>;

/**
 * Tags of everything that the stack makes: what it is called now. What 0.1 has made stays as it tagged it, without
 * the project; only the route, which is looked for by its tags, gets both.
 */
export function stackTags({ model, names: { origin } }: Place): Tags {
  const stack = { [ROUTE_TAGS.stack]: pulumi.getStack(), ...modelTag(pulumi.getProject(), model) };
  return origin.id === undefined ? stack : { ...stack, [ROUTE_TAGS.project]: pulumi.getProject() };
}

/** Tags of what belongs to a slot, whatever runs on it. */
export function slotTags(place: Place, slot: Slot): Tags {
  return { ...stackTags(place), [SLOT_TAG]: slot };
}

/** The tags' part of a slot: only a deploy writes these, so nothing of a slot under users changes with them. */
type TaggedModel = Pick<SlotConfig, "image" | "modelVersion" | "registry" | "revision">;

/** Tags of what holds or runs the model of a slot. An empty slot has no model, and so no such tags. */
export function modelTags(place: Place, slot: Slot, model: TaggedModel): Tags {
  const { image, modelVersion, registry, revision } = model;
  if (image === undefined) return slotTags(place, slot);
  const [reference = image, digest] = image.split("@");
  // Docker's grammar of references: a first part with a dot or a colon is the registry; a last one may have a tag.
  const repository = reference.replace(/^(localhost|[^/]*[.:][^/]*)\//, "").replace(/:[^/]*$/, "");
  // `models:/fraud/7` is version 7 of fraud, whatever its image is called.
  const name = registry?.replace(/^[a-z]+:\/?/, "").replace(/\/[^/]*$/, "") ?? repository;
  return {
    ...slotTags(place, slot),
    "model:name": name,
    ...(modelVersion === undefined ? {} : { "model:version": modelVersion }),
    ...(digest === undefined ? {} : { "model:digest": digest }),
    ...(registry === undefined ? {} : { "model:registry": registry }),
    ...(revision === undefined ? {} : { "model:revision": revision }),
  };
}
