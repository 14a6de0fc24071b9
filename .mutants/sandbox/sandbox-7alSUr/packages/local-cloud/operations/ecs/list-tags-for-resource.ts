import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { ecsInput, fromTags, text } from "../../tasks/resources/input.ts";
import { findTagged } from "../../tasks/tagged.ts";

const Input = v.strictObject({ resourceArn: text });

export default defineOperation({
  service: "ecs",
  name: "ListTagsForResource",
  run(control, raw) {
    const input = ecsInput("ListTagsForResource", Input, raw);
    return { tags: fromTags(findTagged(control, input.resourceArn).tags) };
  },
});
