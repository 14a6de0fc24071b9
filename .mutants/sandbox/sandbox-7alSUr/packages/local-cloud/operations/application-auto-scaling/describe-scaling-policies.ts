import type {
  DescribeScalingPoliciesResponse,
  ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import type { ScalingPolicyRecord } from "../../tasks/model.ts";
import { page, strings } from "../../tasks/resources/input.ts";
import { dimension, namespace, paging, scalingInput } from "../../tasks/resources/scaling.ts";

const Input = v.strictObject({
  ServiceNamespace: namespace,
  PolicyNames: v.optional(strings),
  ResourceId: v.optional(v.string()),
  ScalableDimension: v.optional(dimension),
  ...paging,
});

export default defineOperation({
  service: "application-autoscaling",
  name: "DescribeScalingPolicies",
  run({ model }, raw): DescribeScalingPoliciesResponse {
    const input = scalingInput("DescribeScalingPolicies", Input, raw);
    const policies = Object.values(model.scalingPolicies)
      .filter(({ resourceId }) => input.ResourceId === undefined || resourceId === input.ResourceId)
      .filter(({ name }) => input.PolicyNames === undefined || input.PolicyNames.includes(name));
    const { items, nextToken } = page(policies, input.MaxResults, input.NextToken);
    return { ScalingPolicies: items.map(answer), NextToken: nextToken };
  },
});

function answer(policy: ScalingPolicyRecord): ScalingPolicy {
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
