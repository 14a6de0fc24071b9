import type { Signal } from "../../contract/signals/signal.ts";
import type { EndedExperiment, Experiment } from "../../contract/release/experiment.ts";
import { runningExperiment } from "../../contract/release/experiment-policy.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { Release } from "../../contract/release/release.ts";
import {
  dropExperimentChange,
  endExperimentChange,
  endsAtMs,
  startExperimentChange,
} from "../core/changes/experimenting.ts";
import type { Look } from "../core/experiment/conclusion.ts";
import { iso } from "../core/iso.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";
import { attempt } from "../reading.ts";
import { sinceOf } from "../rollout/live-since.ts";
import { requireDeployed } from "../stack/apply.ts";
import { steer, type Course, type SteerOutcome } from "../steering/steer.ts";
import { readExperiment, type ExperimentRead } from "./read.ts";
import { NEXT, wordsOf } from "./watch.ts";

/** Gives a candidate without users its experiment; `rollout` then gives it the split. */
export function startExperiment(context: Context, wanted: Experiment): Promise<SteerOutcome> {
  return steer(context, ({ deployed: { config }, situation, release, person }): Course => {
    const running = runningExperiment(release);
    if (running !== undefined && sameExperiment(running, wanted))
      return { kind: "nothing", sentence: `release ${release.id} has this experiment already` };
    if (situation.kind !== "starting")
      throw new UserError("BG371", `Release ${release.id} is at ${release.weight} %.`);
    requireSignal(config, wanted);
    const { signal, percent, days } = wanted;
    const what = `experiment on ${signal}: ${percent} % for ${days} days at most`;
    return {
      kind: "change",
      change: startExperimentChange(config, release, wanted),
      message: `bluegreen: release ${release.id}: ${what}, by ${person}`,
      sentence: `${what}, from the first users of release ${release.id} on. To give them: npx bluegreen rollout`,
    };
  });
}

const sameExperiment = (one: Experiment, other: Experiment) =>
  one.signal === other.signal &&
  one.percent === other.percent &&
  one.days === other.days &&
  one.smallestPoints === other.smallestPoints;

function requireSignal({ service, signals }: StackConfig, { signal }: Experiment): void {
  if (service.stickinessSeconds === 0) throw new UserError("BG370", "It is 0.");
  const found = signals.find(({ name }) => name === signal);
  const canGetBetter = ({ kind, source }: Signal) => kind !== "scores" && source.from !== "resources";
  const usable = signals.filter(canGetBetter).map(({ name }) => name);
  const allowed = usable.length === 0 ? "The stack has none." : `Allowed: ${usable.join(", ")}.`;
  if (found === undefined || !canGetBetter(found)) throw new UserError("BG372", `Got ${signal}. ${allowed}`);
}

/** Ends it by a person's word, with what it says so far; the release waits where it is. */
export function stopExperiment(context: Context, reason: string): Promise<SteerOutcome> {
  return steer(context, async (now): Promise<Course> => {
    const { deployed, release, situation, liveSinceMs, nowMs, person } = now;
    const experiment = runningExperiment(release);
    if (experiment === undefined) throw new UserError("BG373", `Release ${release.id} has none that runs.`);
    const by = `stopped by ${person}${reason === "" ? "" : `: ${reason}`}`;
    if (release.weight === 0) {
      const after =
        situation.kind === "retreated" ? NEXT : "npx bluegreen rollout gives it users by your steps";
      return {
        kind: "change",
        change: dropExperimentChange(deployed.config, release),
        message: `bluegreen: release ${release.id}: experiment on ${experiment.signal} is ${by}`,
        sentence: `experiment on ${experiment.signal} is stopped without users; ${after}`,
      };
    }
    const read = await attempt(() => readExperiment(context, deployed, { experiment, release, liveSinceMs }));
    const found = read.readable ? read.value : read;
    const sentence = wordsOf(release, found);
    const outcome = found.readable ? found.look.outcome : "open";
    const ended: EndedExperiment = { at: iso(nowMs), outcome, sentence: `${sentence} (${by})` };
    return {
      kind: "change",
      change: endExperimentChange(deployed.config, release, ended, liveSinceMs),
      message: `bluegreen: release ${release.id}: experiment on ${experiment.signal} is ${by}`,
      sentence: `experiment on ${experiment.signal} is stopped: ${sentence}; ${NEXT}`,
    };
  });
}

export interface ExperimentOutcomeNow extends Outcome {
  readonly release: Release;
  readonly experiment: Experiment;
  readonly running: boolean;
  /** When it ends at the latest, ISO 8601; undefined: it has no users yet, or is over. */
  readonly until: string | undefined;
  /** What was counted, and between which points the difference lies; undefined: nothing yet, or it has ended. */
  readonly look: Look | undefined;
  /** Why it cannot be read. */
  readonly unreadable: string | undefined;
}

/** How it stands. Each look is as good as any other: to look often makes no wrong claim likelier. */
export async function experimentStatus(context: Context): Promise<ExperimentOutcomeNow> {
  const deployed = await requireDeployed(context);
  const { release } = deployed.config;
  if (release?.experiment === undefined) throw new UserError("BG373", "The last release has none.");
  const experiment = release.experiment;
  const isRunning = runningExperiment(release) !== undefined;
  const now = {
    release,
    experiment,
    running: isRunning,
    until: undefined,
    look: undefined,
    unreadable: undefined,
  };
  const told = (sentence: string, more: Partial<ExperimentOutcomeNow> = {}): ExperimentOutcomeNow => ({
    ...now,
    exitCode: EXIT.done,
    sentence: `experiment on ${experiment.signal}: ${sentence}`,
    ...more,
  });
  if (experiment.ended !== undefined)
    return told(`ended at ${experiment.ended.at}: ${experiment.ended.sentence}`);
  if (!isRunning) return told(`over without a result: release ${release.id} ${ENDS[release.state]}`);
  if (release.weight !== experiment.percent)
    return told(
      release.retreats.length > 0
        ? `${release.slot} gave its users back: ${release.reason}`
        : "no users yet: npx bluegreen rollout",
    );
  const liveSinceMs = sinceOf(context, deployed, release, undefined);
  const read = await attempt(() => readExperiment(context, deployed, { experiment, release, liveSinceMs }));
  const found: ExperimentRead = read.readable ? read.value : read;
  const until = iso(endsAtMs(release, experiment));
  return told(`${wordsOf(release, found)} so far; it ends at ${until} at the latest`, {
    until,
    look: found.readable ? found.look : undefined,
    unreadable: found.readable ? undefined : found.why,
  });
}

const ENDS: Readonly<Record<Release["state"], string>> = {
  deployed: "goes by its own steps",
  running: "gave its users back, and goes by its own steps",
  paused: "gave its users back, and waits",
  promoted: "is promoted",
  rolledBack: "is rolled back",
};
