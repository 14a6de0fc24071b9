import type { DescribeTagsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { taggable } from "../../../gateway/resources/tags.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeTags",
  rate: ELB_READING,
  run({ model }, raw) {
    const input = elbInput<DescribeTagsInput>("DescribeTags", ["ResourceArns"], raw);
    return {
      TagDescriptions: taggable(model, input.ResourceArns).map((arn) => ({
        ResourceArn: arn,
        Tags: Object.entries(model.tags.get(arn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});
