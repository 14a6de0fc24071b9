import type { RemoveTagsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onEach } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { taggable } from "../../../gateway/resources/tags.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "RemoveTags",
  requires: onEach("ResourceArns"),
  run({ model, changed }, raw) {
    const input = elbInput<RemoveTagsInput>("RemoveTags", ["ResourceArns", "TagKeys"], raw);
    const removed = new Set(input.TagKeys);
    for (const arn of taggable(model, input.ResourceArns)) {
      const kept = Object.entries(model.tags.get(arn) ?? {}).filter(([key]) => !removed.has(key));
      model.tags.set(arn, Object.fromEntries(kept));
    }
    changed();
    return {};
  },
});
