import { ALARM_KEYS, type AlarmKey } from "../contract/alarm-catalog.ts";
import type { WatchdogMark } from "../contract/route-tags.ts";
import type { Release } from "../contract/release.ts";
import { digestOf, isOpen } from "../contract/release.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../contract/slot.ts";
import { sameSplit, showSplit, type Split } from "../contract/split.ts";
import { readLive, requireDeployed } from "./apply.ts";
import type { AlarmReading, Reading, ServiceReading, TargetCounts } from "./core/observation.ts";
import { familyOf, notRunning, runsOf, type Runs } from "./core/runs.ts";
import { situationOf, type Situation } from "./core/situation.ts";
import { unsettled } from "./core/settling.ts";
import { nextShare, unapproved } from "./core/steering-changes.ts";
import { notPassed } from "./core/tested.ts";
import { RESTORE } from "./drift.ts";
import { attempt } from "./observe.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import { ownerWords } from "./ownership.ts";
import type { Checkout, Context, Deployed } from "./ports.ts";
import { watchdogMark, watchdogWords } from "./watchdog.ts";

export interface SlotStatus {
  readonly slot: Slot;
  readonly role: "active" | "candidate" | "standby" | "retired" | "empty" | "idle";
  /** As it was given. */
  readonly image: string | undefined;
  /** `sha256:…`; undefined: the image was given by tag, as on the local cloud. */
  readonly digest: string | undefined;
  readonly modelVersion: string | undefined;
  /** `family:revision` that the last update requested; undefined: the slot is empty. */
  readonly requested: string | undefined;
  /** What its service runs: image and version are of the requested one, tasks of what runs. */
  readonly runs: Runs;
  readonly configuredShare: number;
  /** undefined: not readable. */
  readonly liveShare: number | undefined;
  /** Of whatever model runs there; undefined: not readable. */
  readonly healthyTasks: number | undefined;
  readonly minTasks: number;
  /** States of its alarms by key; `missing` where CloudWatch does not know it. */
  readonly alarms: Readonly<Partial<Record<AlarmKey, string>>>;
}

export interface StatusOutcome extends Outcome {
  readonly url: string;
  readonly slots: PerSlot<SlotStatus>;
  readonly release: Release | undefined;
  readonly generation: number;
  /** What differs between file, Pulumi and cloud, one sentence each; empty: nothing. */
  readonly drift: readonly string[];
  /** What could not be read. */
  readonly unreadable: readonly string[];
  /** The command that a person would run next. */
  readonly next: string;
}

/** What there is, in one look. Reads only; what cannot be read is named and does not hide the rest. */
export async function status(context: Context): Promise<StatusOutcome> {
  const deployed = await requireDeployed(context);
  const { config, outputs } = deployed;
  const seen = await readAll(context, deployed);
  const live = seen.live.readable ? seen.live.value : undefined;
  const situation = seen.live.readable ? situationOf(config, live) : undefined;
  const slots = perSlot((slot) => slotStatus(deployed, slot, live, seen));
  const takenBack = watchdogSays(situation, seen);
  const drift = [...takenBack, ...driftOf(deployed, live, seen)];
  const unreadable = Object.entries(seen).flatMap(([what, reading]) =>
    reading.readable ? [] : [`${what}: ${reading.why}`],
  );
  const { release, generation, activeSlot } = config;
  const missing = SLOTS.filter((slot) => notRunning(slots[slot].runs) !== undefined)
    .map((slot) => `; ${slot} does not run what was requested`)
    .join("");
  return {
    exitCode: EXIT.done,
    sentence: `${live === undefined ? "split unknown" : showSplit(live)}; active slot ${activeSlot}; ${releaseWords(release)}${missing}`,
    url: outputs.url,
    slots,
    release,
    generation,
    drift,
    unreadable,
    next: takenBack.length > 0 ? NEXT.takenBack : nextCommand(deployed, situation, drift, seen.services),
  };
}

function releaseWords(release: Release | undefined): string {
  if (release === undefined) return "no release yet";
  const words = `release ${release.id} is ${release.state}`;
  if (release.state === "paused") return `${words} ${release.reason}`;
  const isOwned = release.state === "running" && release.owner !== "";
  return isOwned ? `${words}, rolled out by ${ownerWords(release.owner)}` : words;
}

interface Seen {
  readonly live: Reading<Split | undefined>;
  readonly alarms: Reading<readonly AlarmReading[]>;
  readonly services: Reading<ReadonlyMap<string, ServiceReading>>;
  readonly blue: Reading<TargetCounts>;
  readonly green: Reading<TargetCounts>;
  readonly checkout: Reading<Checkout>;
  readonly watchdog: Reading<WatchdogMark | undefined>;
}

async function readAll(context: Context, deployed: Deployed): Promise<Seen> {
  const { outputs } = deployed;
  const running = SLOTS.map((slot) => outputs.slots[slot].running).filter((one) => one !== undefined);
  const [live, alarms, services, blue, green, checkout, watchdog] = await Promise.all([
    attempt(() => readLive(context, deployed)),
    attempt(() => context.alarms.read(running.flatMap((slot) => Object.values(slot.alarms)))),
    attempt(() =>
      context.services.read(
        outputs.clusterName,
        running.map(({ serviceName }) => serviceName),
      ),
    ),
    attempt(() => context.health.targets(outputs.slots.blue.targetGroupArn)),
    attempt(() => context.health.targets(outputs.slots.green.targetGroupArn)),
    attempt(() => context.store.checkout(deployed)),
    attempt(() => watchdogMark(context, deployed)),
  ]);
  return { live, alarms, services, blue, green, checkout, watchdog };
}

function slotStatus(
  { config, outputs }: Deployed,
  slot: Slot,
  live: Split | undefined,
  seen: Seen,
): SlotStatus {
  const running = outputs.slots[slot].running;
  const { alarms } = seen;
  const states = ALARM_KEYS.map((key) => {
    const found = alarms.readable && alarms.value.find(({ name }) => name === running?.alarms[key]);
    return [key, found ? (found.evaluationState ?? found.state) : "missing"] as const;
  });
  const targets = seen[slot];
  return {
    slot,
    role: roleOf(config, slot),
    image: config.slots[slot].image,
    digest: digestOf(config.slots[slot].image ?? ""),
    modelVersion: config.slots[slot].modelVersion,
    requested: running && familyOf(running.taskDefinitionArn),
    runs: runsOf(running, seen.services),
    configuredShare: config.split[slot],
    liveShare: live?.[slot],
    healthyTasks: targets.readable ? targets.value.healthy : undefined,
    minTasks: config.slots[slot].minTasks,
    alarms: running === undefined || !alarms.readable ? {} : Object.fromEntries(states),
  };
}

function roleOf({ activeSlot, slots, release }: Deployed["config"], slot: Slot): SlotStatus["role"] {
  if (slots[slot].image === undefined) return "empty";
  if (slot === activeSlot) return "active";
  if (isOpen(release) && release.slot === slot) return "candidate";
  if (slots[slot].minTasks === 0) return "retired";
  return release === undefined || release.state === "promoted" ? "standby" : "idle";
}

/** Why the users are where they are, while Pulumi does not know of it. */
function watchdogSays(situation: Situation | undefined, { watchdog }: Seen): readonly string[] {
  const mark = watchdog.readable ? watchdog.value : undefined;
  // `starting`: the rollout was killed before Pulumi knew that the candidate had users.
  const isOver = situation?.kind === "takenBack" || situation?.kind === "starting";
  return isOver && mark !== undefined ? [`route: ${watchdogWords(mark)}`] : [];
}

function driftOf({ config, outputs }: Deployed, live: Split | undefined, seen: Seen): readonly string[] {
  const drift: string[] = [];
  if (seen.live.readable && (live === undefined || !sameSplit(live, config.split))) {
    const shown = live === undefined ? "no whole percents" : showSplit(live);
    drift.push(`route: configured is ${showSplit(config.split)}, live is ${shown}`);
  }
  if (seen.checkout.readable && seen.checkout.value.outOfStep.length > 0) {
    drift.push(`stack file: not as deployed: ${seen.checkout.value.outOfStep.join(", ")}`);
  }
  for (const slot of SLOTS) {
    const { running } = outputs.slots[slot];
    const runs = runsOf(running, seen.services);
    if (running !== undefined && runs.kind === "other") {
      drift.push(
        `${slot}: runs ${runs.taskDefinition}, requested was ${familyOf(running.taskDefinitionArn)}`,
      );
    }
  }
  return drift;
}

const NEXT: Readonly<Record<Situation["kind"], string>> = {
  settled: "npx bluegreen deploy <image> --model-version <version>",
  starting: "npx bluegreen rollout",
  firstModel: "npx bluegreen rollout",
  sharing: "npx bluegreen rollout",
  takenBack: "npx bluegreen step",
  cutOff: "npx bluegreen rollout",
  byHand: "npx bluegreen revert",
  paused: "npx bluegreen resume",
  drift: RESTORE,
};

function nextCommand(
  { config, outputs }: Deployed,
  situation: Situation | undefined,
  drift: readonly string[],
  services: Seen["services"],
): string {
  if (situation === undefined) return "npx bluegreen status";
  if (situation.kind === "sharing") {
    const next = nextShare(config.rollout.steps, situation.share);
    const isAwaited = next !== undefined && unapproved(config, situation.release).includes(next);
    if (isAwaited) return `npx bluegreen approve --step ${next}`;
  }
  if (situation.kind === "starting" || situation.kind === "firstModel") {
    const { running } = outputs.slots[situation.release.slot];
    if (notRunning(runsOf(running, services)) !== undefined) return NEXT.settled;
  }
  if (situation.kind === "starting") {
    const { release } = situation;
    const { running } = outputs.slots[release.slot];
    if (notPassed(release, running?.taskDefinitionArn) !== undefined) return "npx bluegreen test";
  }
  if (situation.kind === "settled" && unsettled(config) !== undefined) return "npx bluegreen step";
  const fileOnly = situation.kind === "settled" && drift.some((one) => one.startsWith("stack file"));
  return fileOnly ? "npx bluegreen sync" : NEXT[situation.kind];
}
