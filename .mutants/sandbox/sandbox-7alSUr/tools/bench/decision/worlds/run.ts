import type { ReplaySettings } from "../../../../validation/insight/replay/settings.ts";
import { HORIZON_MINUTES, type Cell } from "../cell.ts";
import { FAULT_CELLS } from "../detection-cells.ts";
import { WORLD_CASES } from "./cases.ts";
import { harm, releaseWorld, type Harm } from "./release-world.ts";
import { simulateRelease, type ReleaseRun } from "./release.ts";

/** Some runs of a case; `harmed`: of a fault of the peers' scenarios. */
export interface WorldTask {
  readonly id: number;
  readonly name: string;
  readonly candidate: "good" | "bad" | "harmed";
  readonly settings: ReplaySettings;
  readonly seed: number;
  readonly fromRun: number;
  readonly toRun: number;
}

export interface WorldDone {
  readonly id: number;
  readonly runs: readonly ReleaseRun[];
}

export function runWorldTask(task: WorldTask): WorldDone {
  const { id, fromRun, toRun } = task;
  const once = task.candidate === "harmed" ? harmedRun(task) : worldRun(task);
  return { id, runs: Array.from({ length: toRun - fromRun }, (_, index) => once(fromRun + index)) };
}

/** So long that no step ends by itself. */
const FOR_GOOD = { bakeMinutes: 10_080, deadlineMinutes: 20_160 } as const;
const HOUR = 60;

function worldRun({ name, candidate, settings, seed }: WorldTask): (run: number) => ReleaseRun {
  const index = WORLD_CASES.findIndex((one) => one.name === name);
  const found = WORLD_CASES[index];
  if (found === undefined) throw new Error(`there is no world "${name}"`);
  const { world, good, bad, watch } = found;
  const wrong: Harm | undefined = candidate === "bad" ? bad : good === "same" ? undefined : good;
  const isDay = watch === "day";
  const rollout = isDay ? { ...settings.rollout, ...FOR_GOOD } : settings.rollout;
  const path = [hashOf(name), candidate === "bad" ? 1 : 0];
  return (run) =>
    simulateRelease({
      world,
      harm: wrong,
      settings: { ...settings, rollout },
      seed,
      path: [...path, run],
      ...(isDay ? { looksEvery: HOUR } : {}),
    });
}

/** A fault that begins late is watched for so long, as the peers are. */
const WATCHED_AFTER_ONSET = 240;

/** The scenario's share for good, and half of it after a retreat. */
function harmedRun({ name, settings, seed }: WorldTask): (run: number) => ReleaseRun {
  const of = FAULT_CELLS.find((one) => one.name === name);
  if (of?.fault === undefined) throw new Error(`there is no fault "${name}"`);
  const { share, fault, requestsPerMinute, failing } = of;
  const rollout = { ...settings.rollout, ...FOR_GOOD, steps: [share * 100] };
  const hanging = isUnanswered(of) ? fault.failing - failing : 0;
  const { onset, overMinutes } = fault;
  return (run) =>
    simulateRelease({
      world: releaseWorld(name, { requestsPerMinute, failing }),
      harm: harm(hanging > 0 ? failing : fault.failing, { onset, overMinutes, hanging }),
      settings: { ...settings, rollout },
      seed,
      path: [hashOf(name), 2, run],
      looksFrom: Math.max(0, onset - 1),
      watchMinutes: Math.max(HORIZON_MINUTES, onset + WATCHED_AFTER_ONSET),
    });
}

const isUnanswered = ({ name }: Cell) => name.includes("unanswered");

/** FNV-1a: a case keeps its random numbers when others are added. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
