import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import type { Names } from "../contract/names.ts";
import type { Slot } from "../contract/slot.ts";
import { byName, type TaskSettings } from "../contract/task-settings.ts";
import type { LastingConfig } from "./config.ts";
import { executionPolicy } from "./execution-role.ts";
import { modelTags, slotTags } from "./tags.ts";

export const CONTAINER = "model";

/**
 * The task definition of a slot that has an image, with its roles and its log group: for Fargate or for EC2, and
 * otherwise the same.
 */
export function createTaskDefinition(
  slot: Slot,
  names: Names,
  config: LastingConfig,
  settings: TaskSettings,
  parent: pulumi.Resource,
): pulumi.Output<aws.ecs.TaskDefinition> {
  const { cpu, memory, architecture, capacity } = settings;
  const { logDays } = config.service;
  const tags = { ...slotTags(names, slot) };
  const path = names.rolePath;
  // Not awsx's own: a slot that moves from Fargate to EC2 keeps its log.
  const logGroup = new aws.cloudwatch.LogGroup(
    slot,
    { name: names.logGroups[slot], retentionInDays: Number(logDays), tags },
    { parent },
  );
  const args = {
    // awsx would put a hash of the containers into the family; one family per slot keeps its history together.
    family: names.services[slot],
    cpu: String(cpu),
    memory: String(memory),
    runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" },
    container: containerOf(settings),
    logGroup: { existing: { name: logGroup.name, region: aws.getRegionOutput().region } },
    executionRole: {
      args: {
        path,
        policyArns: [],
        inlinePolicies: [executionPolicy(settings, names.logGroups[slot])],
        tags,
      },
    },
    taskRole: { args: { path, policyArns: [...settings.taskPolicyArns], tags } },
    // Earlier revisions stay usable: ECS goes back to one when the circuit breaker opens.
    skipDestroy: true,
    tags: { ...modelTags(names, slot, config.slots[slot]) },
  };
  return capacity === "ec2"
    ? new awsx.ecs.EC2TaskDefinition(slot, args, { parent }).taskDefinition
    : new awsx.ecs.FargateTaskDefinition(slot, args, { parent }).taskDefinition;
}

function containerOf({ image, command, port, environment, secrets, gpus }: TaskSettings) {
  return {
    name: CONTAINER,
    image,
    essential: true,
    ...(command.length === 0 ? {} : { command: [...command] }),
    portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }],
    // The model's version is not among them: an image says itself which version it is, and is believed only then.
    environment: byName({ ...environment, PORT: String(port) }).map(([name, value]) => ({ name, value })),
    secrets: byName(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    // ECS pins so many of the instance's GPUs to the container.
    ...(gpus === 0 ? {} : { resourceRequirements: [{ type: "GPU", value: String(gpus) }] }),
  };
}
