import * as v from "valibot";
import { onMember } from "../../access/requires.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { ecsInput, tagList, text, toTags } from "../../tasks/resources/input.ts";
import { findTagged } from "../../tasks/tagged.ts";

const Input = v.strictObject({ resourceArn: text, tags: tagList });

export default defineOperation({
  service: "ecs",
  name: "TagResource",
  requires: onMember("resourceArn"),
  run(control, raw) {
    const input = ecsInput("TagResource", Input, raw);
    const resource = findTagged(control, input.resourceArn);
    resource.tags = { ...resource.tags, ...toTags(input.tags) };
    control.changed();
    return {};
  },
});
