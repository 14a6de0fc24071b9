import * as v from "valibot";
import { onMember } from "../../../access/requires.ts";
import { resourceArn, byArn } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { parseInput } from "../../../metrics/input.ts";

const Input = v.strictObject({ ResourceARN: resourceArn });

export default defineOperation({
  service: "cloudwatch",
  name: "ListTagsForResource",
  requires: onMember("ResourceARN"),
  run({ book }, raw) {
    const { ResourceARN } = parseInput("ListTagsForResource", Input, raw);
    return { Tags: Object.entries(byArn(book, ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
