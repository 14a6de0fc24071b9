import * as v from "valibot";
import { onMember } from "../../access/requires.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { ecsInput, strings, text } from "../../tasks/resources/input.ts";
import { findTagged } from "../../tasks/tagged.ts";

const Input = v.strictObject({ resourceArn: text, tagKeys: strings });

export default defineOperation({
  service: "ecs",
  name: "UntagResource",
  requires: onMember("resourceArn"),
  run(control, raw) {
    const input = ecsInput("UntagResource", Input, raw);
    const resource = findTagged(control, input.resourceArn);
    const kept = Object.entries(resource.tags).filter(([key]) => !input.tagKeys.includes(key));
    resource.tags = Object.fromEntries(kept);
    control.changed();
    return {};
  },
});
