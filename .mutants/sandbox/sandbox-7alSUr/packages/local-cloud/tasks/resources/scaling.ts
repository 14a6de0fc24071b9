import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { EcsControl } from "../control.ts";
import type { ScalableTargetRecord } from "../model.ts";
import { count, readInput, text } from "./input.ts";

const SERVICE = { name: "Application Auto Scaling", code: "ValidationException" };

/** Reads the input of an operation of Application Auto Scaling, as `readInput` does. */
export function scalingInput<const Schema extends v.GenericSchema>(
  operation: string,
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  return readInput(SERVICE, operation, schema, input);
}

export const invalid = (message: string) => new AwsError(SERVICE.code, message);

export const namespace = v.literal("ecs", "not simulated");
export const dimension = v.literal("ecs:service:DesiredCount", "not simulated");
/** Members that name a scalable target. */
export const scalableTarget = { ServiceNamespace: namespace, ResourceId: text, ScalableDimension: dimension };
export const paging = { MaxResults: v.optional(count(1, 50), 50), NextToken: v.optional(v.string()) };

/** @throws AwsError ObjectNotFoundException */
export function findTarget(control: EcsControl, resourceId: string): ScalableTargetRecord {
  const target = control.model.scalableTargets[resourceId];
  if (target !== undefined) return target;
  throw new AwsError(
    "ObjectNotFoundException",
    `No scalable target registered for service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ecs:service:DesiredCount`,
  );
}

/** Under which the model has a scaling policy. */
export function policyKey(resourceId: string, policyName: string): string {
  return `${resourceId}:${policyName}`;
}
