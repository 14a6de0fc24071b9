import { AwsError } from "../aws-api/errors.ts";
import type { EcsControl } from "./control.ts";
import type { Tags } from "./model.ts";

/** The cluster, service or task definition of an ARN. Throws InvalidParameterException. */
export function findTagged({ model }: EcsControl, arn: string): { tags: Tags } {
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
