import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { agentCommand } from "../../agent/bundle.ts";
import { entryPort, type AgentOptions } from "../../contract/agent/options.ts";
import { byName, type TaskSettings } from "../../contract/config/task-settings.ts";
import type { Place } from "../component/place.ts";
import { logDriverOptions, toldVariables, usualVariables } from "../../contract/config/told.ts";
import type { Slot } from "../../contract/slot.ts";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import type { ChildArgs } from "../component/child-args.ts";
import { checkSidecars, type Sidecar } from "./sidecars.ts";
import { shadowWay, type TestWay } from "./shadow-way.ts";

export const CONTAINER = "model";
export const AGENT = "agent";

/** The container and the port at which the load balancer reaches a task. */
export const entryOf = (settings: TaskSettings) => ({
  containerName: settings.agent?.front === undefined ? CONTAINER : AGENT,
  containerPort: entryPort(settings),
});

/** One of a task's containers. */
export type Container = ChildArgs["container"];

/** Whose containers they are, and what stands around them. */
export interface ContainerGround {
  readonly slot: Slot;
  readonly place: Place;
  /** Whether the slot's variables are kept secret. */
  readonly isHidden: boolean;
  readonly logGroup: pulumi.Input<string>;
  readonly way: TestWay;
  readonly sidecars: Readonly<Record<string, Sidecar>>;
  readonly parent: pulumi.Resource;
}

/** What the task definition runs: the model, and beside it its agent where its deploy gave it one, and sidecars. */
export function containersOf(
  settings: TaskSettings,
  ground: ContainerGround,
): { readonly container: Container } | { readonly containers: Readonly<Record<string, Container>> } {
  const { agent } = settings;
  const { place, slot, sidecars } = ground;
  checkSidecars(sidecars, [CONTAINER, AGENT]);
  const model = place.transform("container", slot, modelContainer(settings, ground));
  if (agent === undefined && Object.keys(sidecars).length === 0) return { container: model };
  const { agent: agentUnits, model: modelUnits } = cpuShares(settings, Object.values(sidecars));
  const beside = Object.entries(sidecars).map(
    ([name, sidecar]) => [name, { ...logging(name, settings, ground), ...sidecar, name }] as const,
  );
  const containers: Readonly<Record<string, Container>> = {
    [CONTAINER]: { cpu: modelUnits, ...model },
    ...(agent && { [AGENT]: { ...agentContainer(settings, agent, ground), cpu: agentUnits } }),
    ...Object.fromEntries(beside),
  };
  return { containers };
}

function modelContainer(settings: TaskSettings, ground: ContainerGround) {
  const { image, command, port, environment, secrets, gpus, rotated } = settings;
  const told = toldVariables(settings, ground.slot, ground.place.names.origin);
  const usual = Object.entries(usualVariables(settings)).filter(([name]) => !(name in secrets));
  const all = { ...Object.fromEntries(usual), ...environment, ...told, PORT: String(port) };
  return {
    name: CONTAINER,
    image,
    essential: true,
    ...(command.length === 0 ? {} : { command: [...command] }),
    portMappings: [mapping(port)],
    environment: variables(all, environment, ground),
    secrets: references(secrets),
    // Says nothing to the model, and makes a revision of its own, to which ECS moves the service task by task.
    ...(rotated === "" ? {} : { dockerLabels: { rotated } }),
    // ECS pins so many of the instance's GPUs to the container.
    ...(gpus === 0 ? {} : { resourceRequirements: [{ type: "GPU", value: String(gpus) }] }),
    ...logging(CONTAINER, settings, ground),
  };
}

/**
 * It shares the model's network (ECS, awsvpc: containers of a task reach each other at 127.0.0.1), so the model keeps its
 * port, and whatever it has been told of it by its own settings; the agent has another one. It is essential only in front of the
 * model: without it nobody reaches the model then, and else nobody would miss it.
 */
function agentContainer(settings: TaskSettings, agent: AgentOptions, ground: ContainerGround) {
  const { image, port, environment, secrets, shadow: _shadow, ...parts } = agent;
  const told = toldVariables(settings, ground.slot, ground.place.names.origin);
  const shadow = shadowWay(agent, { ...ground, release: settings.release });
  const options = { listen: port, model: { port: settings.port }, ...parts };
  const all = {
    ...environment,
    ...told,
    ...shadow?.environment,
    PORT: String(port),
    AGENT: pulumi.jsonStringify(shadow === undefined ? options : { ...options, shadow: shadow.options }),
  };
  return {
    name: AGENT,
    image,
    essential: parts.front !== undefined,
    command: programOf(settings, ground),
    portMappings: [mapping(port)],
    environment: variables(all, environment, ground),
    secrets: references(secrets),
    dependsOn: [{ containerName: CONTAINER, condition: "START" }],
    memoryReservation: AGENT_MEMORY_MIB,
    ...logging(AGENT, settings, ground),
  };
}

/**
 * The agent's program as it was when the release was deployed: a stash's output is the first input that it got. With the
 * program of a newer checkout a plain update would change the task definition of a slot that has users.
 */
function programOf(
  { release }: TaskSettings,
  { slot, place, parent }: ContainerGround,
): pulumi.Output<string[]> {
  const name = `${slot}-agent-${release}`;
  const stash = new pulumi.Stash(
    place.name(name),
    { input: [...agentCommand()] },
    { ...place.options(name, parent), ignoreChanges: ["input"] },
  );
  // It is what went in, by whatever version: a list of words.
  return stash.output as pulumi.Output<string[]>;
}

/** What is promised to the agent out of the task's memory; no limit, for it ends with the task where it stands in front. */
const AGENT_MEMORY_MIB = 64;
/** Most of the CPU that it is given a right to, while the model wants all of it. */
const MOST_AGENT_UNITS = 128;

/**
 * ECS, "Task definition parameters", cpu: shares between containers that want more than there is, together at most the
 * task's; a container without any gets next to nothing. So an eighth is the agent's, a sidecar has what it says, and the
 * model the rest. @throws pulumi.RunError when sidecars leave it none.
 */
function cpuShares({ cpu, agent }: TaskSettings, sidecars: readonly Sidecar[]) {
  const units = agent === undefined ? 0 : Math.min(MOST_AGENT_UNITS, Math.floor(cpu / 8));
  const said = sidecars.flatMap((sidecar) => sidecar.cpu ?? []);
  if (said.length === 0) return { agent: units, model: cpu - units };
  const rest = (shares: readonly (number | undefined)[]) => {
    const sum = shares.reduce<number>((total, share = 0) => total + share, 0);
    if (sum < cpu - units) return cpu - units - sum;
    const allowed = `together less than ${cpu - units}, for the model has the rest of the task's ${cpu}`;
    const fix = "give the sidecars less in the program, or raise service.cpu (`deploy --set`)";
    throw new pulumi.RunError(showProblems([problem("cpu of sidecars", String(sum), allowed, fix)]));
  };
  // An error within an Output is told once more by whatever waits for it.
  const isKnown = said.every((share) => typeof share === "number");
  const model = isKnown ? rest(said) : pulumi.all(said).apply(rest);
  return { agent: units, model };
}

const mapping = (port: number) => ({ containerPort: port, hostPort: port, protocol: "tcp" });

/** `own`: those that the stack's configuration says, which may be secrets of Pulumi's. */
const variables = (
  all: Readonly<Record<string, pulumi.Input<string>>>,
  own: Readonly<Record<string, string>>,
  { isHidden }: ContainerGround,
) =>
  byName(all).map(([name, value]) => ({
    name,
    value: isHidden && name in own ? pulumi.secret(value) : value,
  }));

const references = (secrets: Readonly<Record<string, string>>) =>
  byName(secrets).map(([name, valueFrom]) => ({ name, valueFrom }));

/** Nothing: awsx's own settings of the same log group, which say no mode. */
function logging(name: string, settings: TaskSettings, { logGroup, place }: ContainerGround) {
  const mode = logDriverOptions(settings);
  if (mode === undefined) return {};
  return {
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": aws.getRegionOutput({}, place.asking).region,
        "awslogs-stream-prefix": name,
        ...mode,
      },
    },
  };
}
