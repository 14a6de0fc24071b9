import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import type { SlotConfig } from "../contract/config.ts";
import { logGroupName, serviceName } from "../contract/names.ts";
import type { ServiceConfig } from "../contract/sections.ts";
import type { Slot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import { modelTags, slotTags } from "./tags.ts";

export const CONTAINER = "model";

/** The task definition of a slot that has an image, with its roles and its log group. */
export function createTaskDefinition(
  slot: Slot,
  stack: string,
  config: LastingConfig,
  image: string,
  parent: pulumi.Resource,
): awsx.ecs.FargateTaskDefinition {
  const { service } = config;
  const own = config.slots[slot];
  const tags = { ...slotTags(stack, slot) };
  return new awsx.ecs.FargateTaskDefinition(
    slot,
    {
      // awsx would put a hash of the containers into the family; one family per slot keeps its history together.
      family: serviceName(stack, slot),
      cpu: String(own.overrides.cpu ?? service.cpu),
      memory: String(own.overrides.memory ?? service.memory),
      runtimePlatform: { cpuArchitecture: service.architecture, operatingSystemFamily: "LINUX" },
      container: {
        name: CONTAINER,
        image,
        essential: true,
        portMappings: [{ containerPort: service.port, hostPort: service.port, protocol: "tcp" }],
        environment: environmentOf(service, own),
        secrets: byName(service.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      },
      logGroup: { args: { name: logGroupName(stack, slot), retentionInDays: Number(service.logDays), tags } },
      executionRole: { args: { ...executionPolicies(service), tags } },
      taskRole: { args: { policyArns: [...service.taskPolicyArns], tags } },
      // Earlier revisions stay usable: ECS goes back to one when the circuit breaker opens.
      skipDestroy: true,
      tags: { ...modelTags(stack, slot, own) },
    },
    { parent },
  );
}

/** The model's version is not among them: an image says itself which version it is, and is believed only then. */
function environmentOf(service: ServiceConfig, { overrides }: SlotConfig) {
  const variables = { ...service.environment, ...overrides.environment, PORT: String(service.port) };
  return byName(variables).map(([name, value]) => ({ name, value }));
}

/** In one order whatever the stack file's, or a moved line would be a new revision and replace every task. */
function byName(map: Readonly<Record<string, string>>): readonly [string, string][] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
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
