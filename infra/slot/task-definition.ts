import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Slot } from "../../contract/slot.ts";
import type { TaskSettings } from "../../contract/config/task-settings.ts";
import { containersOf } from "./containers.ts";
import { boundaryOf, executionPolicy } from "./execution-role.ts";
import type { SlotGround } from "./ground.ts";
import { modelTags, slotTags } from "../tags.ts";

/**
 * The task definition of a slot that has an image, with its roles and its log group: for Fargate or for EC2, and
 * otherwise the same. Gives its ARN.
 */
export function createTaskDefinition(
  slot: Slot,
  {
    place,
    config,
    hidden,
    entrance,
    beside,
  }: Pick<SlotGround, "place" | "config" | "hidden" | "entrance" | "beside">,
  settings: TaskSettings,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { names } = place;
  const { cpu, memory, architecture, capacity } = settings;
  const { logDays } = config.service;
  const tags = { ...slotTags(place, slot) };
  const role = { path: names.rolePath, ...boundaryOf(config), tags };
  // Not awsx's own: a slot that moves from Fargate to EC2 keeps its log.
  const logGroup = new aws.cloudwatch.LogGroup(
    place.name(slot),
    place.transform("logGroup", slot, {
      name: names.logGroups[slot],
      // CloudWatch Logs: the class Infrequent Access makes no metrics of lines in the embedded metric format.
      logGroupClass: "STANDARD",
      retentionInDays: Number(logDays),
      tags,
    }),
    place.options(slot, parent),
  );
  const containers = containersOf(settings, {
    slot,
    place,
    isHidden: hidden[slot],
    logGroup: logGroup.name,
    way: { url: entrance.url, token: config.testTokens[0] },
    sidecars: beside.sidecars,
    parent,
  });
  const all = "container" in containers ? [containers.container] : Object.values(containers.containers);
  const args = place.transform("taskDefinition", slot, {
    // awsx would put a hash of the containers into the family; one family per slot keeps its history together.
    family: names.services[slot],
    cpu: String(cpu),
    memory: String(memory),
    runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" },
    ...containers,
    logGroup: { existing: { name: logGroup.name, region: aws.getRegionOutput({}, place.asking).region } },
    executionRole: {
      args: {
        ...role,
        policyArns: [],
        inlinePolicies: [executionPolicy(place, all, names.logGroups[slot])],
      },
    },
    taskRole: { args: { ...role, policyArns: [...settings.taskPolicyArns] } },
    // Earlier revisions stay usable: ECS goes back to one when the circuit breaker opens.
    skipDestroy: true,
    ...(beside.volumes.length === 0 ? {} : { volumes: [...beside.volumes] }),
    tags: { ...modelTags(place, slot, config.slots[slot]) },
  });
  const { taskDefinition } =
    capacity === "ec2"
      ? new awsx.ecs.EC2TaskDefinition(place.name(slot), args, place.options(slot, parent))
      : new awsx.ecs.FargateTaskDefinition(place.name(slot), args, place.options(slot, parent));
  // With a secret variable the definition may be one secret as a whole; its name is none, and everything needs it.
  return pulumi.unsecret(taskDefinition.arn);
}
