import type {
  DescribeScalableTargetsResponse,
  ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import type { ScalableTargetRecord } from "../../tasks/model.ts";
import { page, strings } from "../../tasks/resources/input.ts";
import { dimension, namespace, paging, scalingInput } from "../../tasks/resources/scaling.ts";

const Input = v.strictObject({
  ServiceNamespace: namespace,
  ResourceIds: v.optional(strings),
  ScalableDimension: v.optional(dimension),
  ...paging,
});

export default defineOperation({
  service: "application-autoscaling",
  name: "DescribeScalableTargets",
  run({ model }, raw): DescribeScalableTargetsResponse {
    const input = scalingInput("DescribeScalableTargets", Input, raw);
    const targets = Object.values(model.scalableTargets).filter(
      ({ resourceId }) => input.ResourceIds === undefined || input.ResourceIds.includes(resourceId),
    );
    const { items, nextToken } = page(targets, input.MaxResults, input.NextToken);
    return { ScalableTargets: items.map(answer), NextToken: nextToken };
  },
});

function answer(target: ScalableTargetRecord): ScalableTarget {
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
