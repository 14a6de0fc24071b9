import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import { rolePath } from "../contract/iam/place.ts";
import { logGroupName, serviceName } from "../contract/names.ts";
import type { Slot } from "../contract/slot.ts";
import { byName, type TaskSettings } from "../contract/task-settings.ts";
import type { LastingConfig } from "./config.ts";
import { executionPolicy } from "./execution-role.ts";
import { modelTags, slotTags } from "./tags.ts";

export const CONTAINER = "model";

/** The task definition of a slot that has an image, with its roles and its log group. */
export function createTaskDefinition(
  slot: Slot,
  stack: string,
  config: LastingConfig,
  settings: TaskSettings,
  parent: pulumi.Resource,
): awsx.ecs.FargateTaskDefinition {
  const { image, cpu, memory, architecture, port, environment, secrets } = settings;
  const { service } = config;
  const logGroup = logGroupName(stack, slot);
  const path = rolePath(stack);
  const tags = { ...slotTags(stack, slot) };
  return new awsx.ecs.FargateTaskDefinition(
    slot,
    {
      // awsx would put a hash of the containers into the family; one family per slot keeps its history together.
      family: serviceName(stack, slot),
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" },
      container: {
        name: CONTAINER,
        image,
        essential: true,
        portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }],
        // The model's version is not among them: an image says itself which version it is, and is believed
        // only then.
        environment: byName({ ...environment, PORT: String(port) }).map(([name, value]) => ({ name, value })),
        secrets: byName(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      },
      logGroup: { args: { name: logGroup, retentionInDays: Number(service.logDays), tags } },
      executionRole: {
        args: { path, policyArns: [], inlinePolicies: [executionPolicy(settings, logGroup)], tags },
      },
      taskRole: { args: { path, policyArns: [...service.taskPolicyArns], tags } },
      // Earlier revisions stay usable: ECS goes back to one when the circuit breaker opens.
      skipDestroy: true,
      tags: { ...modelTags(stack, slot, config.slots[slot]) },
    },
    { parent },
  );
}
