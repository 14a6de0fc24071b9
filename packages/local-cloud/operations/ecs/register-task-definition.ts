import type { TaskDefinition } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { ECS_TAG } from "../../access/requires-ecs.ts";
import { all, creating, named, type Requires } from "../../access/requires.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { isRecord } from "../../is-record.ts";
import { fargateProblem } from "../../tasks/fargate-sizes.ts";
import type { TaskDefinitionRecord } from "../../tasks/model.ts";
import { inOrder } from "../../tasks/task-plan.ts";
import {
  count,
  ecsInput,
  fromTags,
  only,
  recorded,
  tagList,
  text,
  toTags,
  unsupported,
} from "../../tasks/resources/input.ts";
import { taskDefinitionAnswer } from "../../tasks/resources/task-definition-answer.ts";

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
  // Of the conditions, a process can be waited for to start; a container's own health is not looked at here.
  dependsOn: v.optional(v.array(v.strictObject({ containerName: text, condition: only("START") }))),
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
const Input = v.strictObject({
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

/** ECS takes the roles of a task definition only from a caller who may pass them on (IAM user guide). */
const passing: Requires = ({ input }) =>
  [input["executionRoleArn"], input["taskRoleArn"]]
    .filter((role) => typeof role === "string")
    .map((role) => ({
      action: "iam:PassRole",
      resource: role,
      context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }));

export default defineOperation({
  service: "ecs",
  name: "RegisterTaskDefinition",
  requires: all(
    creating(
      ECS_TAG,
      named("family", ({ region }, family) => arnOf("ecs", region, `task-definition/${nameIn(family)}:1`)),
    ),
    passing,
  ),
  run({ model, clock, region, changed }, raw) {
    const { tags, ...input } = ecsInput("RegisterTaskDefinition", Input, raw);
    checkContainers(input.containerDefinitions);
    const isFargate = input.requiresCompatibilities.includes("FARGATE");
    const problem = isFargate
      ? (fargateProblem(input.cpu, input.memory) ?? roleProblem(input.containerDefinitions, input))
      : undefined;
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
});

type Containers = readonly v.InferOutput<typeof Container>[];

// docs.aws.amazon.com/general/latest/gr/ecr.html: with FIPS, and for IPv6, too.
const ECR_IMAGE = /^\d{12}\.dkr[.-]ecr(?:-fips)?\./;

/**
 * What Fargate does before a container runs, it does with the execution role; in ECS's words (as in
 * virtual-kubelet#193 and jenkinsci/amazon-ecs-plugin#53).
 */
function roleProblem(
  containers: Containers,
  { executionRoleArn }: { readonly executionRoleArn?: string | undefined },
): string | undefined {
  if (executionRoleArn !== undefined) return undefined;
  const needs = "Fargate requires task definition to have execution role ARN to support";
  const logs = containers.some(
    ({ logConfiguration: one }) => isRecord(one) && one["logDriver"] === "awslogs",
  );
  if (logs) return `${needs} log driver awslogs.`;
  return containers.some(({ image }) => ECR_IMAGE.test(image)) ? `${needs} ECR images.` : undefined;
}

function checkContainers(containers: Containers): void {
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const ports = containers.flatMap(({ portMappings }) =>
    portMappings.map(({ containerPort }) => containerPort),
  );
  // Zero and none are the container's own port (ECS API, PortMapping).
  const moved = containers.some(({ portMappings }) =>
    portMappings.some(({ containerPort, hostPort = 0 }) => hostPort !== 0 && hostPort !== containerPort),
  );
  const portTwice = ports.find((port, index) => ports.indexOf(port) !== index);
  const problem =
    twice !== undefined
      ? `Container names must be unique; ${twice} is used twice.`
      : moved
        ? // As in pulumi-awsx#935.
          "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
        : portTwice !== undefined
          ? `Port ${portTwice} is used twice: the containers of a task share its network.`
          : !containers.some(({ essential }) => essential)
            ? "A task definition must have at least one essential container."
            : dependencyProblem(containers, names);
  if (problem !== undefined) throw new AwsError("ClientException", problem);
}

function dependencyProblem(containers: Containers, names: readonly string[]): string | undefined {
  const all = containers.flatMap(({ dependsOn = [] }) => dependsOn.map(({ containerName }) => containerName));
  const unknown = all.find((name) => !names.includes(name));
  if (unknown !== undefined) return `Container dependency ${unknown} is no container of the task definition.`;
  return inOrder(containers).length < containers.length
    ? "The dependencies of the containers are a circle."
    : undefined;
}
