import type { TaskDefinition } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { arnOf } from "../../arn.ts";
import { findTaskDefinition } from "../control.ts";
import type { Control } from "../control.ts";
import { fargateProblem } from "../fargate-sizes.ts";
import type { TaskDefinitionRecord } from "../model.ts";
import {
  count,
  ecsInput,
  fromTags,
  only,
  recorded,
  strings,
  tagList,
  text,
  toTags,
  unsupported,
} from "./input.ts";

const KeyValue = v.strictObject({ name: v.string(), value: v.optional(v.string(), "") });
/** What a process of the local cloud cannot do for a container is refused; what only describes it is recorded. */
const Container = v.strictObject({
  name: text,
  image: text,
  essential: v.optional(v.boolean(), true),
  portMappings: v.optional(
    v.array(
      v.strictObject({
        containerPort: count(1, 65_535),
        hostPort: v.optional(v.number()),
        protocol: v.optional(v.picklist(["tcp", "udp"])),
        name: recorded,
        appProtocol: recorded,
      }),
    ),
    [],
  ),
  environment: v.optional(v.array(KeyValue), []),
  // AWS Fargate: at most 120 seconds.
  stopTimeout: v.optional(count(0, 120)),
  // ECS answers a container without a share of its own with 0 (ECS developer guide, task definition parameters, "cpu").
  cpu: v.optional(v.number(), 0),
  memory: v.optional(v.number()),
  memoryReservation: v.optional(v.number()),
  secrets: unsupported,
  environmentFiles: unsupported,
  command: v.optional(v.array(v.string())),
  entryPoint: unsupported,
  mountPoints: unsupported,
  volumesFrom: unsupported,
  dependsOn: unsupported,
  links: unsupported,
  restartPolicy: unsupported,
  resourceRequirements: unsupported,
  firelensConfiguration: unsupported,
  healthCheck: recorded,
  linuxParameters: recorded,
  logConfiguration: recorded,
  repositoryCredentials: recorded,
  ulimits: recorded,
  user: recorded,
  workingDirectory: recorded,
  readonlyRootFilesystem: recorded,
  privileged: recorded,
  dockerLabels: recorded,
  startTimeout: recorded,
  systemControls: recorded,
  versionConsistency: recorded,
});
const Register = v.strictObject({
  family: v.pipe(v.string(), v.regex(/^[\w-]{1,255}$/, "Family contains invalid characters.")),
  containerDefinitions: v.pipe(v.array(Container), v.minLength(1, "Container list cannot be empty.")),
  networkMode: only("awsvpc"),
  requiresCompatibilities: v.optional(v.array(v.picklist(["EC2", "FARGATE"])), []),
  cpu: v.optional(v.string()),
  memory: v.optional(v.string()),
  taskRoleArn: v.optional(v.string()),
  executionRoleArn: v.optional(v.string()),
  runtimePlatform: recorded,
  ephemeralStorage: recorded,
  enableFaultInjection: unsupported,
  tags: tagList,
  volumes: unsupported,
  placementConstraints: unsupported,
  proxyConfiguration: unsupported,
  inferenceAccelerators: unsupported,
});

export function taskDefinitionOperations(control: Control): Operations {
  const { model, clock, region, changed } = control;
  return {
    RegisterTaskDefinition(raw) {
      const { tags, ...input } = ecsInput("RegisterTaskDefinition", Register, raw);
      checkContainers(input.containerDefinitions);
      const isFargate = input.requiresCompatibilities.includes("FARGATE");
      const problem = isFargate ? fargateProblem(input.cpu, input.memory) : undefined;
      if (problem !== undefined) throw new AwsError("ClientException", problem);
      const revision = (model.revisions[input.family] ?? 0) + 1;
      const record: TaskDefinitionRecord = {
        definition: {
          // The schema has read the members that this cloud acts on; the others are answered as they were given.
          ...(input as TaskDefinition),
          taskDefinitionArn: arnOf("ecs", region, `task-definition/${input.family}:${revision}`),
          revision,
          volumes: [],
          placementConstraints: [],
          compatibilities: isFargate ? ["EC2", "FARGATE"] : ["EC2"],
        },
        registeredAtMs: clock.now(),
        tags: toTags(tags),
      };
      model.revisions[input.family] = revision;
      model.taskDefinitions[`${input.family}:${revision}`] = record;
      changed();
      return { taskDefinition: taskDefinitionAnswer(record), tags: fromTags(record.tags) };
    },
    DescribeTaskDefinition(raw) {
      const Input = v.strictObject({ taskDefinition: text, include: v.optional(strings, []) });
      const input = ecsInput("DescribeTaskDefinition", Input, raw);
      const record = findTaskDefinition(control, input.taskDefinition);
      const tags = input.include.includes("TAGS") ? { tags: fromTags(record.tags) } : {};
      return { taskDefinition: taskDefinitionAnswer(record), ...tags };
    },
    DeregisterTaskDefinition(raw) {
      const input = ecsInput("DeregisterTaskDefinition", v.strictObject({ taskDefinition: text }), raw);
      const record = findTaskDefinition(control, input.taskDefinition);
      record.deregisteredAtMs ??= clock.now();
      changed();
      return { taskDefinition: taskDefinitionAnswer(record) };
    },
  };
}

function checkContainers(containers: readonly v.InferOutput<typeof Container>[]): void {
  if (containers.length > 1) {
    throw new AwsError(
      "NotSimulated",
      "the local cloud does not simulate ECS RegisterTaskDefinition containerDefinitions with more than one container",
      501,
    );
  }
  if (containers.some(({ essential }) => !essential)) {
    throw new AwsError("ClientException", "A task definition must have at least one essential container.");
  }
}

function taskDefinitionAnswer(record: TaskDefinitionRecord): TaskDefinition {
  const { deregisteredAtMs } = record;
  return {
    ...record.definition,
    status: deregisteredAtMs === undefined ? "ACTIVE" : "INACTIVE",
    registeredAt: new Date(record.registeredAtMs),
    ...(deregisteredAtMs === undefined ? {} : { deregisteredAt: new Date(deregisteredAtMs) }),
  };
}
