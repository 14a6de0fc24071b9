import { requestedIn, requestedOn } from "../../contract/names/running.ts";
import type { AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
import { unproven } from "../../contract/route/manual-switch.ts";
import {
  digestOf,
  isOpen,
  releasedModel,
  type Release,
  type ReleasedModel,
} from "../../contract/release/release.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../../contract/slot.ts";
import { sameSplit, showSplit, type Split } from "../../contract/route/split.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { cohortLines } from "../cohorts/cohorts.ts";
import { experimentWords } from "../experiment/words.ts";
import { readAnswers } from "./answers.ts";
import { readLive, requireDeployed } from "../stack/apply.ts";
import type { AnswerCounts } from "../core/comparison/answers.ts";
import type { AlarmReading, Reading, ServiceReading, TargetCounts } from "../core/observation.ts";
import type { Fate } from "../core/owner.ts";
import type { Work } from "../core/work.ts";
import { familyOf, notRunning, runsOf, type Runs } from "../core/runs.ts";
import { situationOf, type Situation } from "../core/situation.ts";
import { lateLabels, type LateLabels } from "../signals/late-labels.ts";
import { NEXT, nextCommand } from "./next-command.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import { alarmsOf, isRecovering } from "./slot-alarms.ts";
import { releaseWords } from "./release-words.ts";
import { rolloutStatus, type RolloutStatus } from "./rollout-status.ts";
import { shadowStatus } from "./shadow-status.ts";
import type { Checkout, Context, Deployed, LockHolder } from "../ports.ts";
import { rollbackMark, rollbackWords, type RolledBack } from "../rollback/rollback-mark.ts";
import { leadsThere, leadsWords, type Address, type Leads } from "../stack/way-in.ts";

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
  /**
   * States of its alarms by key; `missing` where CloudWatch does not know it, `recovering` where the ALARM is of the
   * minutes before tasks that are healthy by now.
   */
  readonly alarms: Readonly<Partial<Record<AlarmKey, string>>>;
  /** What its model has answered users in the last complete hour; undefined: not readable. */
  readonly answers: AnswerCounts | undefined;
}

export interface StatusOutcome extends Outcome {
  readonly url: string;
  /** Where its name leads instead of to the load balancer, in words; undefined: there, or it has no name of its own. */
  readonly elsewhere: string | undefined;
  readonly slots: PerSlot<SlotStatus>;
  readonly release: Release | undefined;
  /** What the release brings, its image and digest apart. */
  readonly model: ReleasedModel | undefined;
  /** What the candidate's shadow has shown before its first user; undefined: nobody waits for that. */
  readonly shadow: string | undefined;
  readonly generation: number;
  /** What differs between file, Pulumi and cloud, one sentence each; empty: nothing. */
  readonly drift: readonly string[];
  /** Whom a person gives users although no pre-traffic test speaks for it, in a sentence each. */
  readonly warnings: readonly string[];
  /** What labels say of the promoted model, which go on coming. */
  readonly labels: readonly LateLabels[];
  /** Who goes to which slot by a header, whatever the split is, in a sentence each. */
  readonly cohorts: readonly string[];
  /** How the experiment of the release stands, or has ended; undefined: it has none. */
  readonly experiment: string | undefined;
  /** The rollout of the open release, or the one that is just beginning; undefined: there is none. */
  readonly rollout: RolloutStatus | undefined;
  /** What could not be read. */
  readonly unreadable: readonly string[];
  /** The command that a person would run next. */
  readonly next: string;
}

export interface StatusTools {
  /** How it stands with a run of our tools, by the id that its owner names. */
  readonly fateOfRun?: (run: string) => Fate;
  /** What processes of this machine say that they release on this stack. */
  readonly works?: () => readonly Work[];
  /** Where the DNS leads users. */
  readonly leadsOf?: (address: Address) => Promise<Leads | undefined>;
}

/** What there is, in one check. Reads only; what cannot be read is named and does not hide the rest. */
export async function status(
  context: Context,
  { fateOfRun = () => "unknown", leadsOf = async () => undefined, works = () => [] }: StatusTools = {},
): Promise<StatusOutcome> {
  const deployed = await requireDeployed(context);
  const { config, outputs } = deployed;
  const [read, dns, labels] = await Promise.all([
    readAll(context, deployed),
    attempt(() => leadsOf(outputs)),
    lateLabels(context, deployed),
  ]);
  const against = labels.filter(({ isAgainst }) => isAgainst);
  const live = read.live.readable ? read.live.value : undefined;
  const shadow = await attempt(() => shadowStatus(context, deployed, live, read.services));
  const seen = { ...read, dns, shadow };
  const situation = seen.live.readable ? situationOf(config, live) : undefined;
  const slots = perSlot((slot) => slotStatus(deployed, slot, live, seen, context.clock.now()));
  const rolledBack = markSays(situation, seen);
  const drift = [...rolledBack, ...driftOf(deployed, live, seen)];
  const unreadable = Object.entries(seen).flatMap(([what, reading]) =>
    reading.readable ? [] : [`${what}: ${reading.why}`],
  );
  const { release, generation, activeSlot } = config;
  const rollout = rolloutStatus(release, works(), context.owner, fateOfRun);
  const owner = rollout?.standing ?? "nobody";
  const missing = SLOTS.filter((slot) => notRunning(slots[slot].runs) !== undefined)
    .map((slot) => `; ${slot} does not run what was requested`)
    .join("");
  const holder = seen.lock.readable && seen.lock.value?.dead === false ? seen.lock.value : undefined;
  const beside = holder === undefined ? "" : `; an update of ${holder.who} is under way`;
  return {
    exitCode: EXIT.done,
    sentence: `${live === undefined ? "split unknown" : showSplit(live)}; active slot ${activeSlot}; ${releaseWords(config, rollout)}${missing}${beside}`,
    url: outputs.url,
    elsewhere: dns.readable && dns.value && !leadsThere(dns.value) ? leadsWords(dns.value) : undefined,
    slots,
    release,
    model: release && releasedModel(release),
    shadow: shadow.readable ? shadow.value : undefined,
    generation,
    drift,
    warnings: warningsOf(deployed),
    labels,
    cohorts: cohortLines(config, context.clock.now()),
    experiment: experimentWords(release),
    rollout,
    unreadable,
    next:
      rolledBack.length > 0
        ? NEXT.reverted
        : against.length > 0 && holder === undefined
          ? NEXT.manual
          : holder === undefined
            ? nextCommand(deployed, situation, drift, seen.services, owner)
            : UNDER_WAY,
  };
}

/** What is deployed is about to be something else. */
export const UNDER_WAY =
  "npx bluegreen status, once that update has ended; to have all traffic back whatever it does: npx bluegreen revert";

interface StatusReadings {
  readonly live: Reading<Split | undefined>;
  readonly alarms: Reading<readonly AlarmReading[]>;
  readonly services: Reading<ReadonlyMap<string, ServiceReading>>;
  readonly blue: Reading<TargetCounts>;
  readonly green: Reading<TargetCounts>;
  readonly checkout: Reading<Checkout>;
  readonly mark: Reading<RolledBack | undefined>;
  readonly answers: Reading<PerSlot<AnswerCounts>>;
  readonly lock: Reading<LockHolder | undefined>;
}

async function readAll(context: Context, deployed: Deployed): Promise<StatusReadings> {
  const { outputs } = deployed;
  const running = SLOTS.map((slot) => outputs.slots[slot].running).filter((one) => one !== undefined);
  const [live, alarms, services, blue, green, checkout, mark, answers, lock] = await Promise.all([
    attempt(() => readLive(context, deployed)),
    attempt(() => context.alarms.read(running.flatMap((slot) => Object.values(slot.alarms)))),
    attempt(() =>
      context.services.read(
        outputs.clusterName,
        running.flatMap(({ serviceName }) => serviceName ?? []),
      ),
    ),
    attempt(() => context.health.targets(outputs.slots.blue.targetGroupArn)),
    attempt(() => context.health.targets(outputs.slots.green.targetGroupArn)),
    attempt(() => context.store.checkout(deployed)),
    attempt(() => rollbackMark(context, deployed)),
    attempt(() => readAnswers(context, deployed)),
    attempt(() => context.store.lockHolder()),
  ]);
  return { live, alarms, services, blue, green, checkout, mark, answers, lock };
}

function slotStatus(
  { config, outputs }: Deployed,
  slot: Slot,
  live: Split | undefined,
  seen: StatusReadings,
  nowMs: number,
): SlotStatus {
  const running = outputs.slots[slot].running;
  const { alarms, answers } = seen;
  const targets = seen[slot];
  const service =
    seen.services.readable && running ? seen.services.value.get(running.serviceName ?? "") : undefined;
  const states = alarmsOf(running, config.thresholds).map((key) => {
    const found = alarms.readable && alarms.value.find(({ name }) => name === running?.alarms[key]);
    if (!found) return [key, "missing"] as const;
    const healthy = targets.readable ? targets.value.healthy : 0;
    const isOld =
      key === "healthy-hosts" &&
      found.state === "ALARM" &&
      isRecovering(healthy, config.thresholds, service, nowMs);
    return [key, isOld ? "recovering" : (found.evaluationState ?? found.state)] as const;
  });
  return {
    slot,
    role: roleOf(config, slot),
    image: config.slots[slot].image,
    digest: digestOf(config.slots[slot].image ?? ""),
    modelVersion: config.slots[slot].modelVersion,
    requested: running && familyOf(requestedOn(running)),
    runs: runsOf(running, seen.services),
    configuredShare: config.split[slot],
    liveShare: live?.[slot],
    healthyTasks: targets.readable ? targets.value.healthy : undefined,
    minTasks: config.slots[slot].minTasks,
    alarms: running === undefined || !alarms.readable ? {} : Object.fromEntries(states),
    answers: answers.readable ? answers.value[slot] : undefined,
  };
}

function roleOf(config: StackConfig, slot: Slot): SlotStatus["role"] {
  const { activeSlot, slots, release } = config;
  if (slots[slot].image === undefined) return "empty";
  if (slot === activeSlot) return "active";
  if (isOpen(release) && release.slot === slot) return "candidate";
  if (slots[slot].minTasks === 0) return "retired";
  return release?.slot === slot && release.state === "rolledBack" ? "idle" : "standby";
}

function warningsOf({ config, outputs }: Deployed): readonly string[] {
  const found = unproven(
    config,
    perSlot((slot) => requestedIn(outputs, slot)),
  );
  if (found === undefined) return [];
  return [`${found.slot} has ${found.share} % of the users manually, although ${found.why}`];
}

/** Why the users are where they are, while Pulumi does not know of it. */
function markSays(situation: Situation | undefined, seen: StatusReadings): readonly string[] {
  const mark = seen.mark.readable ? seen.mark.value : undefined;
  // `starting`: the rollout was killed before Pulumi knew that the candidate had users. `cohort`: a person's revert of it.
  const isOver = ["reverted", "starting", "cohort"].includes(situation?.kind ?? "");
  return isOver && mark !== undefined ? [`route: ${rollbackWords(mark)}`] : [];
}

function driftOf(
  { config, outputs }: Deployed,
  live: Split | undefined,
  seen: StatusReadings,
): readonly string[] {
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
      drift.push(`${slot}: runs ${runs.taskDefinition}, requested was ${familyOf(requestedOn(running))}`);
    }
  }
  return drift;
}
