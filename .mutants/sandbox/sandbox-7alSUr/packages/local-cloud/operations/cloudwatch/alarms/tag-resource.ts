import * as v from "valibot";
import { onMember } from "../../../access/requires.ts";
import { tagList } from "../../../alarms/definition.ts";
import { resourceArn, byArn } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { parseInput } from "../../../metrics/input.ts";

const Input = v.strictObject({ ResourceARN: resourceArn, Tags: tagList });

export default defineOperation({
  service: "cloudwatch",
  name: "TagResource",
  requires: onMember("ResourceARN"),
  run({ book }, raw) {
    const { ResourceARN, Tags } = parseInput("TagResource", Input, raw);
    const alarm = byArn(book, ResourceARN);
    const added = Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value]));
    book.replace({ ...alarm, tags: { ...alarm.tags, ...added } });
    return {};
  },
});
