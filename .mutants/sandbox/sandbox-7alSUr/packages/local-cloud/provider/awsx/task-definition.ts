import { isRecord } from "../../is-record.ts";
import { UNKNOWN, type Properties, type RegisterChild } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../shape.ts";
import { hasUnknown, output, resourceOutput, shortHash, type Child } from "./child.ts";
import { addRole } from "./role.ts";

const EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

/** `awsx.ecs.FargateTaskDefinition`: log group, task role, execution role and the task definition. */
export async function constructTaskDefinition(
  name: string,
  inputs: Properties,
  register: RegisterChild,
): Promise<Properties> {
  const { container, containers, executionRole, taskRole, logGroup, ...rest } = inputs;
  const wanted = containersOf(container, containers);
  const log = await addLogGroup(name, asProperties(logGroup), register);
  const task = await addRole(`${name}-task`, asProperties(taskRole), [], register);
  const execution = await addRole(
    `${name}-execution`,
    asProperties(executionRole),
    [EXECUTION_POLICY],
    register,
  );
  const definitions = wanted.map(([key, one]) => definitionOf(key, one, log));
  // One unknown part makes the whole text unknown.
  const text = hasUnknown(definitions) ? UNKNOWN : JSON.stringify(definitions);
  const made = [log.made, task.made, execution.made].filter((one) => one !== undefined);
  const taskDefinition = await register({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name,
    inputs: {
      ...sizeOf(wanted, rest),
      family: text === UNKNOWN ? UNKNOWN : `${name}-${shortHash(text)}`,
      ...rest,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      taskRoleArn: task.arn,
      executionRoleArn: execution.arn,
      containerDefinitions: text,
    },
    dependsOn: made.map(({ urn }) => urn),
  });
  return {
    taskDefinition: resourceOutput(taskDefinition, ["arn", "arnWithoutRevision", "revision", "tagsAll"]),
    loadBalancers: loadBalancersOf(wanted),
    ...(log.made && { logGroup: resourceOutput(log.made, ["arn", "tagsAll"]) }),
    ...(task.made && { taskRole: resourceOutput(task.made, ["arn", "uniqueId", "tagsAll"]) }),
    ...(execution.made && { executionRole: resourceOutput(execution.made, ["arn", "uniqueId", "tagsAll"]) }),
  };
}

function containersOf(container: unknown, containers: unknown): readonly (readonly [string, Properties])[] {
  if (isRecord(container) && containers === undefined)
    return [[String(container["name"] ?? "container"), container]];
  if (isRecord(containers) && container === undefined)
    return Object.entries(containers).map(([key, one]) => [key, asProperties(one)]);
  throw new Error("awsx:ecs:FargateTaskDefinition takes exactly one of container and containers");
}

interface Log {
  readonly name?: unknown;
  readonly region?: unknown;
  readonly made?: Child;
}

async function addLogGroup(
  name: string,
  { skip, existing, args }: Properties,
  register: RegisterChild,
): Promise<Log> {
  if (skip === true) return {};
  if (existing !== undefined) {
    const { name: group, region } = asProperties(existing);
    if (group === undefined || region === undefined)
      throw new Error("logGroup.existing on the local cloud needs name and region");
    return { name: group, region };
  }
  const made = await register({
    type: "aws:cloudwatch/logGroup:LogGroup",
    name,
    inputs: asProperties(args),
  });
  return { name: output(made, "name"), region: output(made, "region"), made };
}

/** The container as ECS takes it, with the log group unless it logs on its own. */
function definitionOf(name: string, container: Properties, log: Log): Properties {
  const portMappings = members(container["portMappings"]).map(asProperties).map(mappingOf);
  const withLog = container["logConfiguration"] === undefined && log.name !== undefined;
  return {
    ...container,
    name,
    ...(container["portMappings"] === undefined ? {} : { portMappings }),
    ...(withLog && {
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": log.name,
          "awslogs-region": log.region,
          "awslogs-stream-prefix": name,
        },
      },
    }),
  };
}

function mappingOf({ targetGroup, ...mapping }: Properties): Properties {
  const port = asProperties(targetGroup)["port"];
  return {
    ...mapping,
    containerPort: mapping["containerPort"] ?? port ?? mapping["hostPort"],
    hostPort: mapping["hostPort"] ?? port ?? mapping["containerPort"],
  };
}

function loadBalancersOf(containers: readonly (readonly [string, Properties])[]): Properties[] {
  return containers.flatMap(([containerName, container]) =>
    members(container["portMappings"])
      .map((mapping) => asProperties(asProperties(mapping)["targetGroup"]))
      .filter(({ arn }) => arn !== undefined)
      .map(({ arn, port }) => ({ containerName, containerPort: port, targetGroupArn: arn })),
  );
}

/** The smallest Fargate size when nothing is said; what containers ask for themselves is not added up here. */
function sizeOf(containers: readonly (readonly [string, Properties])[], rest: Properties): Properties {
  if (rest["cpu"] !== undefined && rest["memory"] !== undefined) return {};
  const asked = containers.some(([, { cpu, memory, memoryReservation }]) =>
    [cpu, memory, memoryReservation].some((value) => value !== undefined),
  );
  if (asked)
    throw new Error("awsx:ecs:FargateTaskDefinition on the local cloud needs cpu and memory of the task");
  return { cpu: "256", memory: "512" };
}
