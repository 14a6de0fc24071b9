import type { Call } from "../../calls.ts";
import { first } from "../../calls.ts";
import type { Properties } from "../../../../pulumi-engine/values/provider.ts";
import { tagStep, type ChangeStep } from "../../resource-type.ts";
import { pairs } from "../../shape.ts";

export const elbTags = pairs("Key", "Value");

export function elbTagStep(call: Call): ChangeStep {
  return tagStep(
    ({ arn }, tags) => call("AddTags", { ResourceArns: [arn], Tags: elbTags.toApi(tags) }),
    ({ arn }, TagKeys) => call("RemoveTags", { ResourceArns: [arn], TagKeys }),
  );
}

/** The outputs `tags` and `tagsAll`. */
export async function readElbTags(call: Call, arn: string): Promise<Properties> {
  const found = first(await call("DescribeTags", { ResourceArns: [arn] }), "TagDescriptions");
  const tags = elbTags.fromApi(found?.["Tags"]);
  return { tags, tagsAll: tags };
}
