import type { Call } from "../../calls.ts";
import { tagStep, type ChangeStep } from "../../resource-type.ts";
import { pairs } from "../../shape.ts";

export const ecsTags = pairs("key", "value");

export function ecsTagStep(call: Call): ChangeStep {
  return tagStep(
    ({ arn }, tags) => call("TagResource", { resourceArn: arn, tags: ecsTags.toApi(tags) }),
    ({ arn }, tagKeys) => call("UntagResource", { resourceArn: arn, tagKeys }),
  );
}
