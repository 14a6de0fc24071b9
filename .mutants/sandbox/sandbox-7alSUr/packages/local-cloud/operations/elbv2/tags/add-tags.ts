import type { AddTagsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onEach } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { addTags, taggable } from "../../../gateway/resources/tags.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "AddTags",
  requires: onEach("ResourceArns"),
  run({ model, changed }, raw) {
    const input = elbInput<AddTagsInput>("AddTags", ["ResourceArns", "Tags"], raw);
    const arns = taggable(model, input.ResourceArns);
    const tags = arns.map((arn) => [arn, addTags(model.tags.get(arn) ?? {}, input.Tags)] as const);
    for (const [arn, next] of tags) model.tags.set(arn, next);
    changed();
    return {};
  },
});
