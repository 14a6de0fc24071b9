import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Slot } from "../../contract/slot.ts";
import type { TaskSettings } from "../../contract/config/task-settings.ts";
import type { SlotGround } from "./ground.ts";
import { modelTags } from "../tags.ts";
import type { TargetGroups } from "./target-groups.ts";

/** A slot's scalable target, always, and its target tracking as far as it is configured. */
export function createScaling(
  slot: Slot,
  { place, config, cluster, entrance }: SlotGround,
  { component: parent, production }: TargetGroups,
  { cpuTarget, requestsPerTask }: TaskSettings,
  service: aws.ecs.Service,
): void {
  const { minTasks, maxTasks } = config.slots[slot];
  const target = new aws.appautoscaling.Target(
    place.name(slot),
    place.transform("scalingTarget", slot, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
      minCapacity: minTasks,
      // A lower minimum alone takes no task away, and target tracking does not scale in to zero without data:
      // only a maximum of 0 makes Application Auto Scaling stop the last task.
      maxCapacity: minTasks === 0 ? 0 : maxTasks,
      tags: { ...modelTags(place, slot, config.slots[slot]) },
    }),
    place.options(slot, parent),
  );
  const track = (
    name: string,
    targetValue: number,
    metric: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
  ) =>
    new aws.appautoscaling.Policy(
      place.name(`${slot}-${name}`),
      {
        name,
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: { targetValue, predefinedMetricSpecification: metric },
      },
      place.options(`${slot}-${name}`, parent),
    );
  if (cpuTarget > 0) track("cpu", cpuTarget, { predefinedMetricType: "ECSServiceAverageCPUUtilization" });
  if (requestsPerTask > 0) {
    track("requests", requestsPerTask, {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: pulumi.interpolate`${entrance.loadBalancerSuffix}/${production.arnSuffix}`,
    });
  }
}
