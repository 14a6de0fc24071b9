import { randomUUID } from "node:crypto";
import type {
  DescribeScalableTargetsResponse,
  DescribeScalingPoliciesResponse,
  ScalableTarget,
  ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { arnOf } from "../../arn.ts";
import { serviceKey } from "../control.ts";
import type { Control } from "../control.ts";
import type { ScalableTargetRecord, ScalingPolicyRecord, ServiceRecord } from "../model.ts";
import { keepWithinCapacity } from "../scaling.ts";
import { count, only, page, readInput, recorded, strings, text } from "./input.ts";

const SERVICE = { name: "Application Auto Scaling", code: "ValidationException" };
const NAMESPACE = v.literal("ecs", "not simulated");
const DIMENSION = v.literal("ecs:service:DesiredCount", "not simulated");
const Identity = { ServiceNamespace: NAMESPACE, ResourceId: text, ScalableDimension: DIMENSION };
const Paging = { MaxResults: v.optional(count(1, 50), 50), NextToken: v.optional(v.string()) };

const Register = v.strictObject({
  ...Identity,
  MinCapacity: v.optional(count(0, 5000)),
  MaxCapacity: v.optional(count(0, 5000)),
  RoleARN: v.optional(v.string()),
  SuspendedState: v.optional(
    v.strictObject({
      DynamicScalingInSuspended: v.optional(v.boolean()),
      DynamicScalingOutSuspended: v.optional(v.boolean()),
      ScheduledScalingSuspended: v.optional(v.boolean()),
    }),
  ),
  Tags: recorded,
});
const DescribeTargets = v.strictObject({
  ServiceNamespace: NAMESPACE,
  ResourceIds: v.optional(strings),
  ScalableDimension: v.optional(DIMENSION),
  ...Paging,
});
const PutPolicy = v.strictObject({
  ...Identity,
  PolicyName: text,
  PolicyType: only("TargetTrackingScaling"),
  TargetTrackingScalingPolicyConfiguration: v.optional(v.looseObject({ TargetValue: v.number() })),
});
const DescribePolicies = v.strictObject({
  ServiceNamespace: NAMESPACE,
  PolicyNames: v.optional(strings),
  ResourceId: v.optional(v.string()),
  ScalableDimension: v.optional(DIMENSION),
  ...Paging,
});

/**
 * Application Auto Scaling for ECS services. Minimum and maximum act at once. Scaling policies are recorded, not
 * simulated: nothing here changes a desired count between the two.
 */
export function autoScalingOperations(control: Control): Operations {
  const { model } = control;
  return {
    RegisterScalableTarget: (input) => registerTarget(control, input),
    DeregisterScalableTarget(raw) {
      const input = readInput(SERVICE, "DeregisterScalableTarget", v.strictObject(Identity), raw);
      findTarget(control, input.ResourceId);
      delete model.scalableTargets[input.ResourceId];
      // AWS: deregistering a scalable target deletes the scaling policies that are associated with it.
      for (const [key, policy] of Object.entries(model.scalingPolicies)) {
        if (policy.resourceId === input.ResourceId) delete model.scalingPolicies[key];
      }
      control.changed();
      return {};
    },
    DescribeScalableTargets(raw): DescribeScalableTargetsResponse {
      const input = readInput(SERVICE, "DescribeScalableTargets", DescribeTargets, raw);
      const targets = Object.values(model.scalableTargets).filter(
        ({ resourceId }) => input.ResourceIds === undefined || input.ResourceIds.includes(resourceId),
      );
      const { items, nextToken } = page(targets, input.MaxResults, input.NextToken);
      return { ScalableTargets: items.map(targetAnswer), NextToken: nextToken };
    },
    PutScalingPolicy: (input) => putPolicy(control, input),
    DescribeScalingPolicies(raw): DescribeScalingPoliciesResponse {
      const input = readInput(SERVICE, "DescribeScalingPolicies", DescribePolicies, raw);
      const policies = Object.values(model.scalingPolicies)
        .filter(({ resourceId }) => input.ResourceId === undefined || resourceId === input.ResourceId)
        .filter(({ name }) => input.PolicyNames === undefined || input.PolicyNames.includes(name));
      const { items, nextToken } = page(policies, input.MaxResults, input.NextToken);
      return { ScalingPolicies: items.map(policyAnswer), NextToken: nextToken };
    },
    DeleteScalingPolicy(raw) {
      const Input = v.strictObject({ ...Identity, PolicyName: text });
      const input = readInput(SERVICE, "DeleteScalingPolicy", Input, raw);
      const key = policyKey(input.ResourceId, input.PolicyName);
      if (model.scalingPolicies[key] === undefined) {
        throw new AwsError("ObjectNotFoundException", `No scaling policy found for ${key}`);
      }
      delete model.scalingPolicies[key];
      control.changed();
      return {};
    },
  };
}

function registerTarget(control: Control, raw: Record<string, unknown>) {
  const input = readInput(SERVICE, "RegisterScalableTarget", Register, raw);
  const service = findScaledService(control, input.ResourceId);
  const existing = control.model.scalableTargets[input.ResourceId];
  const minCapacity = input.MinCapacity ?? existing?.minCapacity;
  const maxCapacity = input.MaxCapacity ?? existing?.maxCapacity;
  if (minCapacity === undefined || maxCapacity === undefined) {
    throw invalid("MinCapacity and MaxCapacity are required to register a new scalable target");
  }
  if (minCapacity > maxCapacity) throw invalid("Maximum capacity cannot be less than minimum capacity");
  // "Any parameters that you don't specify are not changed by this update request" (RegisterScalableTarget).
  const suspended = input.SuspendedState;
  const before = existing?.suspendedState;
  const target: ScalableTargetRecord = {
    resourceId: input.ResourceId,
    arn: existing?.arn ?? arnOf("application-autoscaling", control.region, `scalable-target/${shortId()}`),
    createdAtMs: existing?.createdAtMs ?? control.clock.now(),
    minCapacity,
    maxCapacity,
    roleArn: input.RoleARN ?? existing?.roleArn ?? serviceLinkedRole(),
    suspendedState: {
      dynamicScalingInSuspended:
        suspended?.DynamicScalingInSuspended ?? before?.dynamicScalingInSuspended ?? false,
      dynamicScalingOutSuspended:
        suspended?.DynamicScalingOutSuspended ?? before?.dynamicScalingOutSuspended ?? false,
      scheduledScalingSuspended:
        suspended?.ScheduledScalingSuspended ?? before?.scheduledScalingSuspended ?? false,
    },
  };
  control.model.scalableTargets[input.ResourceId] = target;
  keepWithinCapacity(control.model, service);
  control.runners.get(serviceKey(service.cluster, service.name))?.wake();
  control.changed();
  return { ScalableTargetARN: target.arn };
}

function putPolicy(control: Control, raw: Record<string, unknown>) {
  const input = readInput(SERVICE, "PutScalingPolicy", PutPolicy, raw);
  findTarget(control, input.ResourceId);
  const configuration = input.TargetTrackingScalingPolicyConfiguration;
  if (configuration === undefined) throw invalid("TargetTrackingScalingPolicyConfiguration is required");
  const key = policyKey(input.ResourceId, input.PolicyName);
  const existing = control.model.scalingPolicies[key];
  const resource = `${randomUUID()}:resource/ecs/${input.ResourceId}:policyName/${input.PolicyName}`;
  const policy: ScalingPolicyRecord = {
    name: input.PolicyName,
    arn: existing?.arn ?? arnOf("autoscaling", control.region, `scalingPolicy:${resource}`),
    resourceId: input.ResourceId,
    createdAtMs: existing?.createdAtMs ?? control.clock.now(),
    policyType: "TargetTrackingScaling",
    configuration,
  };
  control.model.scalingPolicies[key] = policy;
  control.changed();
  return { PolicyARN: policy.arn, Alarms: [] };
}

function findScaledService(control: Control, resourceId: string): ServiceRecord {
  const [kind, cluster = "", name = ""] = resourceId.split("/");
  const service = control.model.services[serviceKey(cluster, name)];
  if (kind === "service" && service?.status === "ACTIVE") return service;
  throw invalid(`ECS service doesn't exist: ${resourceId}`);
}

function findTarget(control: Control, resourceId: string): ScalableTargetRecord {
  const target = control.model.scalableTargets[resourceId];
  if (target !== undefined) return target;
  throw new AwsError(
    "ObjectNotFoundException",
    `No scalable target registered for service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ecs:service:DesiredCount`,
  );
}

function targetAnswer(target: ScalableTargetRecord): ScalableTarget {
  const { suspendedState: suspended } = target;
  return {
    ServiceNamespace: "ecs",
    ResourceId: target.resourceId,
    ScalableDimension: "ecs:service:DesiredCount",
    MinCapacity: target.minCapacity,
    MaxCapacity: target.maxCapacity,
    RoleARN: target.roleArn,
    CreationTime: new Date(target.createdAtMs),
    SuspendedState: {
      DynamicScalingInSuspended: suspended.dynamicScalingInSuspended,
      DynamicScalingOutSuspended: suspended.dynamicScalingOutSuspended,
      ScheduledScalingSuspended: suspended.scheduledScalingSuspended,
    },
    ScalableTargetARN: target.arn,
  };
}

function policyAnswer(policy: ScalingPolicyRecord): ScalingPolicy {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: "ecs",
    ResourceId: policy.resourceId,
    ScalableDimension: "ecs:service:DesiredCount",
    PolicyType: "TargetTrackingScaling",
    // Recorded as the client sent it, under the same member.
    TargetTrackingScalingPolicyConfiguration:
      policy.configuration as unknown as ScalingPolicy["TargetTrackingScalingPolicyConfiguration"],
    Alarms: [],
    CreationTime: new Date(policy.createdAtMs),
  };
}

function policyKey(resourceId: string, policyName: string): string {
  return `${resourceId}:${policyName}`;
}

function shortId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}

function serviceLinkedRole(): string {
  const name = "AWSServiceRoleForApplicationAutoScaling_ECSService";
  return arnOf("iam", "", `role/aws-service-role/ecs.application-autoscaling.amazonaws.com/${name}`);
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
