import { join } from "node:path";
import { ownKeys } from "../../contract/config/own-keys.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { RELEASE_KEYS } from "../../contract/config/keys.ts";
import { isRecord } from "../../contract/config/field.ts";
import type { Release } from "../../contract/release/release.ts";
import { perSlot, type PerSlot, type Slot } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { LOCAL_STACK } from "../../cli/local/project.ts";
import { outOfStep, readStackFile } from "../../validation/adapters/pulumi/stack-file.ts";
import type { World } from "../scenario/support/world.ts";

/** What must be the same after a kill and without one. */
export interface Stand {
  readonly activeSlot: Slot;
  /** Percent shifted, as deployed. */
  readonly shifted: PerSlot<number>;
  /** Percent on the route. */
  readonly live: PerSlot<number>;
  readonly minTasks: PerSlot<number>;
  readonly images: PerSlot<string | undefined>;
  /** The release's verdict on its model, without what differs from run to run: its id, its times, its owner. */
  readonly release:
    | {
        readonly state: Release["state"];
        readonly slot: Slot;
        readonly weight: number;
        readonly approvedSteps: readonly number[];
        readonly tested: string | undefined;
      }
    | undefined;
}

export const stackFileOf = ({ place }: World) => join(place.directory, `Pulumi.${LOCAL_STACK}.yaml`);

/** What the last update that succeeded was configured with, as text, the own keys bare. */
export async function deployedRaw(world: World): Promise<Readonly<Record<string, string>>> {
  const [last] = (await world.see.history()).filter(({ result }) => result === "succeeded");
  const entries = Object.entries(last?.config ?? {});
  const texts = Object.fromEntries(entries.map(([key, { value }]) => [key, value ?? "[secret]"]));
  return ownKeys(texts, await projectName(world.place.root));
}

export async function deployedConfig(world: World): Promise<StackConfig> {
  const raw = Object.entries(await deployedRaw(world)).filter(([key]) => key !== "testToken");
  const parsed = parseConfig(Object.fromEntries(raw));
  return parsed.ok ? parsed.config : parsed.readable;
}

export async function standOf(world: World): Promise<Stand> {
  const { activeSlot, weights, slots, release } = await deployedConfig(world);
  return {
    activeSlot,
    shifted: weights,
    live: await world.see.live(),
    minTasks: perSlot((slot) => slots[slot].minTasks),
    images: perSlot((slot) => slots[slot].image),
    release: release && {
      state: release.state,
      slot: release.slot,
      weight: release.weight,
      approvedSteps: release.approvedSteps,
      tested: release.tested?.outcome,
    },
  };
}

/** What a kill may leave behind that a later command would stumble over. */
export async function leftBehind(world: World): Promise<readonly string[]> {
  const holder = await world.engine.lockHolder(LOCAL_STACK);
  const lock = holder === undefined ? [] : [`a lock of process ${holder.pid} stays`];
  const file = await readStackFile(stackFileOf(world), await projectName(world.place.root));
  const keys = file === undefined ? RELEASE_KEYS : outOfStep(file, await deployedRaw(world));
  const behind = keys.length === 0 ? [] : [`the stack file is out of step: ${keys.join(", ")}`];
  return [...lock, ...behind];
}

/** What differs, for the table. */
export function differences(wanted: unknown, got: unknown, path = ""): readonly string[] {
  if (isRecord(wanted) && isRecord(got)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(got)]);
    return [...keys].flatMap((key) =>
      differences(wanted[key], got[key], path === "" ? key : `${path}.${key}`),
    );
  }
  const same = JSON.stringify(wanted) === JSON.stringify(got);
  return same ? [] : [`${path} is ${JSON.stringify(got)}, undisturbed it is ${JSON.stringify(wanted)}`];
}
