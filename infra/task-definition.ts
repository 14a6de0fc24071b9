import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import { logGroupName, serviceName } from "../contract/names.ts";
import type { ServiceConfig } from "../contract/sections.ts";
import type { Slot } from "../contract/slot.ts";
import { byName, type TaskSettings } from "../contract/task-settings.ts";
import type { LastingConfig } from "./config.ts";
import { modelTags, slotTags } from "./tags.ts";

export const CONTAINER = "model";

/** The task definition of a slot that has an image, with its roles and its log group. */
export function createTaskDefinition(
  slot: Slot,
  stack: string,
  config: LastingConfig,
  { image, cpu, memory, architecture, port, environment, secrets }: TaskSettings,
  parent: pulumi.Resource,
): awsx.ecs.FargateTaskDefinition {
  const { service } = config;
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
      logGroup: { args: { name: logGroupName(stack, slot), retentionInDays: Number(service.logDays), tags } },
      executionRole: { args: { ...executionPolicies(service), tags } },
      taskRole: { args: { policyArns: [...service.taskPolicyArns], tags } },
      // Earlier revisions stay usable: ECS goes back to one when the circuit breaker opens.
      skipDestroy: true,
      tags: { ...modelTags(stack, slot, config.slots[slot]) },
    },
    { parent },
  );
}

/** What ECS itself may do before the container runs: pull, log, and read exactly the secrets that are named. */
function executionPolicies({ secrets }: ServiceConfig) {
  const statements = SECRET_STORES.flatMap(({ prefix, action, resourceOf }) => {
    const arns = byName(secrets).filter(([, arn]) => prefix.test(arn));
    const resources = [...new Set(arns.map(([, arn]) => resourceOf(arn)))].toSorted();
    return resources.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resources }];
  });
  if (statements.length === 0) return {};
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return { inlinePolicies: [{ name: "secrets", policy }] };
}

const SECRET_STORES = [
  {
    prefix: /^arn:[^:]+:secretsmanager:/,
    action: "secretsmanager:GetSecretValue",
    // ECS takes `arn…:secret:name:json-key:stage:version`; IAM knows the secret alone, the first seven parts.
    resourceOf: (arn: string) => arn.split(":").slice(0, 7).join(":"),
  },
  { prefix: /^arn:[^:]+:ssm:/, action: "ssm:GetParameters", resourceOf: (arn: string) => arn },
] as const;
