import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import type { Release } from "../../contract/release/release.ts";
import { SLOTS, type Slot } from "../../contract/slot.ts";
import { LOCAL_STACK } from "../../cli/local/project.ts";
import { localClock } from "../../validation/adapters/clock.ts";
import { bringInStep, readStackFile, setIn } from "../../validation/adapters/pulumi/stack-file.ts";
import { writeStackFile } from "../../validation/adapters/pulumi/write-stack-file.ts";
import type { World } from "../scenario/support/world.ts";
import { untilIn } from "./patience.ts";
import { deployedConfig, deployedRaw, stackFileOf } from "./stand.ts";

/** A state of the stack from which a verb starts; blue is active, and green holds the candidate. */
export interface Given {
  readonly greenWeight: number;
  readonly release: Partial<Release>;
  readonly steps?: readonly number[];
  readonly approvals?: readonly number[];
  /** Two tasks serve everyone, and the candidate has one, for a share of 10 %: it gets its tasks share by share. */
  readonly following?: true;
}

// As the adapter names it: the resource is called <model>-route (infra/route.ts).
const ROUTE = `urn:pulumi:${LOCAL_STACK}::**aws:lb/listenerRule:ListenerRule::*-route`;
const HOUR_MS = 3_600_000;

/** Brings the stack into the state with plain configuration and one update, whatever it was before. */
export async function bringInto(world: World, given: Given): Promise<void> {
  const { greenWeight, release, steps = [50, 100], approvals = [], following } = given;
  const { slots, generation } = await deployedConfig(world);
  const raw = await deployedRaw(world);
  const object = (key: string): object => JSON.parse(raw[key] ?? "{}");
  const clock = await localClock(world.endpoint.url);
  // Old enough for every alarm to have judged it: the state is given, and its way there is not what is tested.
  const since = new Date(clock.now() - HOUR_MS).toISOString();
  const whole: Release = {
    id: "v2-kill",
    slot: "green",
    digest: slots.green.image ?? "",
    state: "running",
    weight: greenWeight,
    stepSince: since,
    deadline: new Date(clock.now() + 1000 * HOUR_MS).toISOString(),
    liveSince: since,
    approvedSteps: [],
    retreats: [],
    fastTrack: "",
    owner: "",
    reason: "",
    ...release,
  };
  const isRetired = slots.green.minTasks === 0;
  const tasks = following && {
    blue: { ...object("blue"), minTasks: 2 },
    green: { ...object("green"), minTasks: 1 },
  };
  const capacity = following ? "share" : "full";
  await deploy(world, isRetired || following ? undefined : ROUTE, {
    activeSlot: "blue",
    blueWeight: 0,
    greenWeight,
    generation: generation + 1,
    release: whole,
    rollout: { ...object("rollout"), steps, approvals, capacity },
    ...tasks,
    ...(isRetired && !following ? { green: { ...object("green"), minTasks: 1 } } : {}),
  });
  await healthy(world);
}

/** One plain `pulumi up` with these keys. */
async function deploy(
  world: World,
  target: string | undefined,
  keys: Readonly<Record<string, unknown>>,
): Promise<void> {
  await edit(world, keys);
  const only = target === undefined ? [] : ["--target", target];
  const args = ["up", "--yes", "--skip-preview", "--refresh", "--stack", LOCAL_STACK, ...only];
  const { code, stdout, stderr } = await world.engine.runPulumi(args, { cwd: world.place.directory });
  if (code !== 0) throw new Error(`the given state was not reached: ${stdout}${stderr}`);
}

/** Makes the stack file what is deployed, and these keys. */
export async function edit(world: World, keys: Readonly<Record<string, unknown>>): Promise<void> {
  const path = stackFileOf(world);
  const file = await readStackFile(path, await projectName(world.place.root));
  if (file === undefined) throw new Error(`there is no ${path}`);
  bringInStep(file, await deployedRaw(world));
  for (const [key, value] of Object.entries(keys)) {
    setIn(file, key, typeof value === "object" ? value : String(value));
  }
  await writeStackFile(path, file);
}

/** Waits until each slot that is deployed with tasks has a healthy one. */
async function healthy(world: World): Promise<void> {
  const { slots } = await deployedConfig(world);
  await haveHealthy(
    world,
    SLOTS.filter((slot) => slots[slot].minTasks > 0),
  );
}

/**
 * Waits until each slot for which the cloud itself wants tasks has a healthy one. An update that was killed may have
 * taken a slot's tasks away, and its record may not say so.
 */
export async function healthyAgain(world: World): Promise<void> {
  const { clusterName: cluster, slots } = await world.see.outputs();
  const ecs = new ECSClient(world.see.sdk);
  const services = SLOTS.flatMap((slot) => slots[slot].running?.serviceName ?? []);
  const described = await ecs.send(new DescribeServicesCommand({ cluster, services }));
  ecs.destroy();
  const wanted = SLOTS.filter((slot) =>
    described.services?.some(
      ({ serviceName, desiredCount = 0 }) =>
        serviceName === slots[slot].running?.serviceName && desiredCount > 0,
    ),
  );
  await haveHealthy(world, wanted);
}

async function haveHealthy(world: World, wanted: readonly Slot[]): Promise<void> {
  await untilIn(`a healthy task on ${wanted.join(" and ")}`, async () => {
    const counts = await Promise.all(wanted.map((slot) => world.see.healthyTargets(slot)));
    return counts.every((count) => count > 0);
  });
}
