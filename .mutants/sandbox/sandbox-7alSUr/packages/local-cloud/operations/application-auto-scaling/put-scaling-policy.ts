import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { onScalableTarget, onScalingAlarm } from "../../access/requires-scaling.ts";
import { all } from "../../access/requires.ts";
import { arnOf } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import type { ScalingPolicyRecord } from "../../tasks/model.ts";
import { only, text } from "../../tasks/resources/input.ts";
import {
  findTarget,
  invalid,
  policyKey,
  scalableTarget,
  scalingInput,
} from "../../tasks/resources/scaling.ts";

const Input = v.strictObject({
  ...scalableTarget,
  PolicyName: text,
  PolicyType: only("TargetTrackingScaling"),
  TargetTrackingScalingPolicyConfiguration: v.optional(v.looseObject({ TargetValue: v.number() })),
});

/** Policies are recorded, not simulated: nothing here changes a desired count between minimum and maximum. */
export default defineOperation({
  service: "application-autoscaling",
  name: "PutScalingPolicy",
  requires: all(onScalableTarget, onScalingAlarm("cloudwatch:PutMetricAlarm")),
  run(control, raw) {
    const input = scalingInput("PutScalingPolicy", Input, raw);
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
  },
});
