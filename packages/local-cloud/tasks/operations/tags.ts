import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import type { Control } from "../control.ts";
import type { Tags } from "../model.ts";
import { ecsInput, fromTags, strings, tagList, text, toTags } from "./input.ts";

export function tagOperations(control: Control): Operations {
  return {
    TagResource(raw) {
      const input = ecsInput("TagResource", v.strictObject({ resourceArn: text, tags: tagList }), raw);
      const resource = findResource(control, input.resourceArn);
      resource.tags = { ...resource.tags, ...toTags(input.tags) };
      control.changed();
      return {};
    },
    UntagResource(raw) {
      const input = ecsInput("UntagResource", v.strictObject({ resourceArn: text, tagKeys: strings }), raw);
      const resource = findResource(control, input.resourceArn);
      const kept = Object.entries(resource.tags).filter(([key]) => !input.tagKeys.includes(key));
      resource.tags = Object.fromEntries(kept);
      control.changed();
      return {};
    },
    ListTagsForResource(raw) {
      const input = ecsInput("ListTagsForResource", v.strictObject({ resourceArn: text }), raw);
      return { tags: fromTags(findResource(control, input.resourceArn).tags) };
    },
  };
}

function findResource({ model }: Control, arn: string): { tags: Tags } {
  const resources = [
    ...Object.values(model.clusters),
    ...Object.values(model.services),
    ...Object.values(model.taskDefinitions).map((record) => ({
      arn: record.definition.taskDefinitionArn,
      record,
    })),
  ];
  const found = resources.find((resource) => resource.arn === arn);
  if (found === undefined) {
    throw new AwsError("InvalidParameterException", `The specified resource ${arn} was not found.`);
  }
  return "record" in found ? found.record : found;
}
