import * as v from "valibot";
import { onMember } from "../../../access/requires.ts";
import { resourceArn, byArn } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { list, parseInput, text } from "../../../metrics/input.ts";

const Input = v.strictObject({ ResourceARN: resourceArn, TagKeys: list(text(1, 128), 50) });

export default defineOperation({
  service: "cloudwatch",
  name: "UntagResource",
  requires: onMember("ResourceARN"),
  run({ book }, raw) {
    const { ResourceARN, TagKeys } = parseInput("UntagResource", Input, raw);
    const alarm = byArn(book, ResourceARN);
    const kept = Object.entries(alarm.tags).filter(([key]) => !TagKeys.includes(key));
    book.replace({ ...alarm, tags: Object.fromEntries(kept) });
    return {};
  },
});
