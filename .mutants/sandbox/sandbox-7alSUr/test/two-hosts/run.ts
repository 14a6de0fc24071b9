import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { setTimeout as pause } from "node:timers/promises";
import { LOCAL_STACK } from "../../cli/local/project.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { SLOTS } from "../../contract/slot.ts";
import { aStack, type World } from "../scenario/support/world.ts";
import { openHost, type Host } from "./host.ts";
import { problemsOf, readUpdate, type Done, type Update } from "./judge.ts";
import { argsOf, type Interleaving, type Operation } from "./operations.ts";

export interface Outcome extends Interleaving {
  readonly exitCodes: readonly (number | undefined)[];
  readonly seconds: number;
  readonly problems: readonly string[];
}

/** Whatever a machine under load measures passes: what is tested here are locks, and not a model. */
const THRESHOLDS = {
  maxErrorRate: 1,
  maxSlowRate: 1,
  slowSeconds: 300,
  maxCpuUtilization: 100,
  maxMemoryUtilization: 100,
};

/** Two hosts on one stack, with users. */
export interface Pair {
  readonly world: World;
  readonly hosts: readonly [Host, Host];
  close(): Promise<void>;
}

export async function openPair(): Promise<Pair> {
  const world = await aStack({
    speed: 120,
    thresholds: THRESHOLDS,
    blue: { image: "digits:1", modelVersion: "1" },
    green: { image: "digits:2", modelVersion: "2" },
  });
  world.users(12);
  const hosts = [openHost(world.place), openHost(world.place)] as const;
  return {
    world,
    hosts,
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
      await world.close();
    },
  };
}

export async function runOne({ world, hosts }: Pair, interleaving: Interleaving): Promise<Outcome> {
  const fromMs = performance.now();
  const { first, second, delayMs } = interleaving;
  for (const operation of [first, second]) await prepare(world, operation);
  const before = (await updatesOf(world)).length;
  const [a, b] = hosts;
  const [ranA, ranB] = await Promise.all([
    a.run(argsOf(first)),
    pause(delayMs).then(() => b.run(argsOf(second))),
  ]);
  const done: readonly Done[] = [
    { operation: first, ran: ranA },
    { operation: second, ran: ranB },
  ];
  const updates = await updatesOf(world);
  const problems = [...problemsOf(updates, before, done), ...(await strays(world, updates))];
  return {
    ...interleaving,
    exitCodes: done.map(({ ran }) => ran.exitCode),
    seconds: Math.round((performance.now() - fromMs) / 100) / 10,
    problems:
      problems.length === 0 ? [] : [...problems, ...done.map(({ ran }) => told(ran.stdout, ran.stderr))],
  };
}

const told = (stdout: string, stderr: string) => `said: ${stdout.slice(-600)}${stderr.slice(-1_500)}`;

/** A person's edit, made before anybody starts. */
async function prepare(world: World, operation: Operation): Promise<void> {
  if (operation.kind !== "up") return;
  await world.pulumi("config", "set", "--path", "thresholds.maxCpuUtilization", String(operation.percent));
}

async function updatesOf({ see, place }: World): Promise<readonly Update[]> {
  const [history, project] = await Promise.all([see.history(), projectName(place.directory)]);
  return history.map((entry) => readUpdate(entry, project));
}

/** What the cloud has other than the last update that succeeded says, once both operations are over. */
async function strays(world: World, updates: readonly Update[]): Promise<readonly string[]> {
  const { config } = updates.find(({ succeeded }) => succeeded) ?? {};
  const live = await world.see.live();
  const lost = SLOTS.filter((slot) => config?.split[slot] !== live[slot]);
  const holder = await world.engine.lockHolder(LOCAL_STACK);
  return [
    ...lost.map(
      (slot) => `the route has ${live[slot]} % for ${slot}, configured are ${config?.split[slot]} %`,
    ),
    ...(holder === undefined ? [] : [`a lock of process ${holder.pid} stays`]),
    ...(await otherTasks(world)),
  ];
}

/** Slots whose service runs another task definition than the outputs say. */
async function otherTasks(world: World): Promise<readonly string[]> {
  const { clusterName: cluster, slots } = await world.see.outputs();
  const ecs = new ECSClient(world.see.sdk);
  try {
    const found = SLOTS.flatMap((slot) => slots[slot].running ?? []);
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({
        cluster,
        services: found.flatMap(({ serviceName }) => serviceName ?? []),
      }),
    );
    return found.flatMap(({ serviceName, taskDefinitionArn, image }) => {
      const runs = services.find((service) => service.serviceName === serviceName)?.taskDefinition;
      return runs === taskDefinitionArn
        ? []
        : [`${serviceName} has ${runs}, requested is ${taskDefinitionArn} (${image})`];
    });
  } finally {
    ecs.destroy();
  }
}
