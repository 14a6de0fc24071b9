import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { onScalableTarget } from "../../access/requires-scaling.ts";
import { all, requestTags, type Requires } from "../../access/requires.ts";
import { arnOf } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { serviceKey, type EcsControl } from "../../tasks/control.ts";
import type { ScalableTargetRecord, ServiceRecord } from "../../tasks/model.ts";
import { count, recorded } from "../../tasks/resources/input.ts";
import { invalid, scalableTarget, scalingInput } from "../../tasks/resources/scaling.ts";
import { keepWithinCapacity } from "../../tasks/scaling.ts";

const Input = v.strictObject({
  ...scalableTarget,
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

const tagging: Requires = ({ region, input }) =>
  input["Tags"] === undefined
    ? []
    : [
        {
          action: "application-autoscaling:TagResource",
          resource: arnOf("application-autoscaling", region, "scalable-target/any"),
          context: requestTags(input),
        },
      ];

/** Minimum and maximum act at once. */
export default defineOperation({
  service: "application-autoscaling",
  name: "RegisterScalableTarget",
  requires: all(onScalableTarget, tagging),
  run(control, raw) {
    const input = scalingInput("RegisterScalableTarget", Input, raw);
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
  },
});

function findScaledService(control: EcsControl, resourceId: string): ServiceRecord {
  const [kind, cluster = "", name = ""] = resourceId.split("/");
  const service = control.model.services[serviceKey(cluster, name)];
  if (kind === "service" && service?.status === "ACTIVE") return service;
  throw invalid(`ECS service doesn't exist: ${resourceId}`);
}

function shortId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}

function serviceLinkedRole(): string {
  const name = "AWSServiceRoleForApplicationAutoScaling_ECSService";
  return arnOf("iam", "", `role/aws-service-role/ecs.application-autoscaling.amazonaws.com/${name}`);
}
