import type { EndedExperiment, Experiment } from "../../contract/release/experiment.ts";
import { GRACE_MINUTES } from "../../contract/release/experiment-policy.ts";
import type { Release } from "../../contract/release/release.ts";
import { endExperimentChange, endsAtMs } from "../core/changes/experimenting.ts";
import { lookWords } from "../core/experiment/conclusion.ts";
import { iso } from "../core/iso.ts";
import { EXIT } from "../outcome.ts";
import { attempt } from "../reading.ts";
import { act, waiting } from "../rollout/act.ts";
import type { Checked } from "../rollout/check.ts";
import { sinceOf } from "../rollout/live-since.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "../rollout/step-types.ts";
import { write } from "../stack/apply.ts";
import { readExperiment, type ExperimentRead } from "./read.ts";

/**
 * A release whose experiment runs was checked: what moves users back comes first. Then the experiment is looked at; when
 * its rule ends it, the release waits where it is for a person.
 */
export async function watchExperiment(
  moment: Moment,
  release: Release,
  experiment: Experiment,
  checked: Checked,
): Promise<StepOutcome> {
  const situation = release.state === "paused" ? "paused" : "sharing";
  const movesBack = checked.action?.kind === "rollBack" || checked.action?.kind === "retreat";
  if (movesBack) return act(moment, situation, release, checked);
  const { context, deployed, options } = moment;
  const liveSinceMs = sinceOf(context, deployed, release, options.agreed);
  const asked = { experiment, release, liveSinceMs };
  const points = ((options.memory ?? {}).experimentPoints ??= new Map());
  const read = await attempt(() => readExperiment(context, deployed, asked, points));
  const found: ExperimentRead = read.readable ? read.value : read;
  const ended = endOf(release, experiment, found, context.clock.now());
  if (ended === undefined) {
    const outcome = waiting(moment, situation, checked);
    return {
      ...outcome,
      sentence: `${outcome.sentence}; experiment on ${experiment.signal}: ${wordsOf(release, found)}`,
    };
  }
  const sentence = `experiment on ${experiment.signal} has ended: ${ended.sentence}; ${NEXT}`;
  const message = `bluegreen: release ${release.id}: experiment on ${experiment.signal} has ended: ${ended.sentence}`;
  const change = endExperimentChange(deployed.config, release, ended, liveSinceMs);
  const written = await write(context, { change, scope: "route", refresh: false, message });
  const { verdict, comparison } = checked;
  if (written.kind !== "shown")
    return outcomeOf(moment, situation, { ...notWritten(written), verdict, comparison });
  const after = { deployed: written.deployed, live: written.deployed.config.split };
  return outcomeOf(after, "paused", {
    exitCode: EXIT.needsPerson,
    sentence,
    finished: true,
    verdict,
    comparison,
    agreed: { generation: written.deployed.config.generation, atMs: written.atMs },
  });
}

/** What a person decides then. */
export const NEXT = "to go on: npx bluegreen resume; to move all users back: npx bluegreen revert";

/** undefined: it goes on. */
function endOf(
  release: Release,
  experiment: Experiment,
  read: ExperimentRead,
  nowMs: number,
): EndedExperiment | undefined {
  const outcome = read.readable ? read.look.outcome : "open";
  // A read that fails once is no result: the counts are still there at the next look.
  const graceMs = read.readable ? 0 : GRACE_MINUTES * 60_000;
  if (outcome === "open" && nowMs < endsAtMs(release, experiment) + graceMs) return undefined;
  return { at: iso(nowMs), outcome, sentence: wordsOf(release, read) };
}

/** What it says so far. */
export const wordsOf = (release: Release, read: ExperimentRead): string =>
  read.readable ? lookWords(release.slot, read.look) : `nothing can be said: ${read.why}`;
