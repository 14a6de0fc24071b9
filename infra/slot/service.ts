import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Slot } from "../../contract/slot.ts";
import { taskSettings, type TaskSettings } from "../../contract/config/task-settings.ts";
import { hasTestGroup } from "../../contract/config/stack-config.ts";
import { placementOf } from "./capacity.ts";
import type { SlotGround } from "./ground.ts";
import { createScaling } from "./scaling.ts";
import { modelTags } from "../tags.ts";
import type { TargetGroups } from "./target-groups.ts";
import { entryOf } from "./containers.ts";
import { createTaskDefinition } from "./task-definition.ts";

/** A slot with a model. */
export interface SlotService {
  readonly settings: TaskSettings;
  /** undefined, and the task definition with it: something else registers the slot's targets. */
  readonly service?: aws.ecs.Service;
  readonly taskDefinitionArn?: pulumi.Output<string>;
}

/**
 * A slot's service with its task definition and its scaling; none of them where something else fills the slot; undefined
 * while it is empty.
 */
export function createSlotService(
  slot: Slot,
  ground: SlotGround,
  groups: TargetGroups,
): SlotService | undefined {
  const { place, config, cluster, taskNetwork } = ground;
  const settings = taskSettings(config, slot);
  if (settings === undefined) return undefined;
  if (settings.kind === "external") return { settings };
  const taskDefinitionArn = createTaskDefinition(slot, ground, settings, groups.component);
  // Without test rules the test group is in no rule, and ECS would refuse the service.
  const registered = [
    groups.production,
    ...(hasTestGroup(config) ? [groups.test] : []),
    ...(groups.cohort === undefined ? [] : [groups.cohort]),
  ];
  const service = new aws.ecs.Service(
    place.name(slot),
    place.transform("service", slot, {
      name: place.names.services[slot],
      cluster: cluster.arn,
      taskDefinition: taskDefinitionArn,
      desiredCount: config.slots[slot].minTasks,
      ...placementOf(settings),
      // ECS: keeps the tasks spread over the zones, also after one of them was lost.
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: taskNetwork,
      loadBalancers: registered.map(({ arn }) => ({ targetGroupArn: arn, ...entryOf(settings) })),
      healthCheckGracePeriodSeconds: settings.startupSeconds,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "TASK_DEFINITION",
      // Waiting here would hold the stack's lock for minutes, against a revert that needs it, and would prove
      // nothing: the provider reports success after a circuit breaker's rollback, too (pulumi/pulumi-awsx#1848).
      // The tools wait, compare the running task definition with the requested one, and give no share before.
      waitForSteadyState: false,
      tags: { ...modelTags(place, slot, config.slots[slot]) },
    }),
    {
      ...place.options(slot, groups.component),
      // ECS refuses a service whose target group no rule of a load balancer names yet (aws/aws-cdk#1160).
      dependsOn: [...ground.entrance.listeners, ...ground.rules, ...ground.capacity],
      // The name is the same, and ECS has no two services of one name. Only a slot without users comes to this.
      deleteBeforeReplace: true,
      // Nothing is waited for but ECS's own bookkeeping, and at the end the tasks that drain.
      customTimeouts: {
        create: "10m",
        update: "10m",
        delete: `${Math.ceil(settings.drainSeconds / 60) + 10}m`,
      },
      // Scaling owns the number of tasks from the first moment on; minTasks and maxTasks are the lever. After a refresh
      // the state knows what ECS went back to: an update that changes nothing of a slot in use does not ask for it anew.
      ignoreChanges: ["desiredCount", ...(ground.kept[slot] ? ["taskDefinition"] : [])],
    },
  );
  createScaling(slot, ground, groups, settings, service);
  return { settings, service, taskDefinitionArn };
}
