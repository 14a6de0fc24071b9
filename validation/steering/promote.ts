import { runningExperiment } from "../../contract/release/experiment-policy.ts";
import { isFirstShare } from "../../contract/release/retreat.ts";
import { percents } from "../../contract/config/steps.ts";
import type { Release } from "../../contract/release/release.ts";
import { requireDeployed } from "../stack/apply.ts";
import { isDoubt, type Assessment } from "../core/assessment.ts";
import { promoteChange } from "../core/changes/changes.ts";
import { comparedOf } from "../core/changes/compared.ts";
import { follows, tasksDue } from "../core/changes/following.ts";
import { UserError } from "../errors.ts";
import { SHARING_GATES } from "../gates/index.ts";
import { check } from "../rollout/check.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import { attempt } from "../reading.ts";
import { desiredTasks } from "../rollout/follow-share.ts";
import { countOf } from "../rollout/lower-tasks.ts";
import type { Context } from "../ports.ts";
import { placeOf, requireUsers, steer, type Course, type Steerable, type SteerOutcome } from "./steer.ts";

export interface PromoteOptions {
  /** For the audit log; not empty. */
  readonly reason: string;
  /** Whether gates that have no answer may be passed over. A gate that fails never may. */
  readonly withoutEvidence: boolean;
}

export interface PromoteOutcome extends Outcome {
  readonly promoted: boolean;
  readonly release: Release;
  /** What every gate answered when it was decided. */
  readonly evidence: readonly Assessment[];
}

/**
 * Promotes a release with users at once: the steps and bakes that are left are skipped, the gates are not. Each that
 * applies must pass; with `withoutEvidence` one without an answer is passed over, and named in the audit log.
 */
export async function promoteNow(context: Context, options: PromoteOptions): Promise<PromoteOutcome> {
  let evidence: readonly Assessment[] = [];
  let refusal: string | undefined;
  const steered = await steer(context, async (now): Promise<Course> => {
    const share = requireUsers(now);
    const experiment = runningExperiment(now.release);
    if (experiment !== undefined) throw new UserError("BG374", `It is on ${experiment.signal}.`);
    if (share === 0) {
      const { id, slot } = now.release;
      if (now.situation.kind === "cohort")
        throw new UserError("BG160", `Release ${id} has ${placeOf(now.situation)} alone.`);
      throw new UserError("BG160", `Release ${id} has retreated: ${slot} has none until it is tried again.`);
    }
    evidence = await judge(context, now, share);
    refusal = refusalOf(now.release, evidence, options.withoutEvidence) ?? (await lackOfTasks(context, now));
    if (refusal !== undefined) return { kind: "nothing", sentence: refusal };
    return promotion(now, share, evidence, options.reason);
  }).catch((error: unknown) => alreadyPromoted(context, error));
  const { sentence, release, changed } = steered;
  return {
    exitCode: refusal === undefined ? EXIT.done : EXIT.needsPerson,
    sentence,
    promoted: changed,
    release,
    evidence,
  };
}

/** The command once more, after it was cut off: its release has everyone, and nothing is left to do. */
async function alreadyPromoted(context: Context, error: unknown): Promise<SteerOutcome> {
  if (!(error instanceof UserError) || error.code !== "BG160") throw error;
  const { release, activeSlot, split } = (await requireDeployed(context)).config;
  if (release?.state !== "promoted" || release.slot !== activeSlot || split[activeSlot] < 100) throw error;
  const sentence = `release ${release.id} is promoted already; ${activeSlot} is the active slot`;
  return { exitCode: EXIT.done, sentence, release, changed: false };
}

/** One check by all gates. The verdict of the schedule is not asked for, so no deadline and no pause. */
async function judge(
  context: Context,
  { deployed, live, release, liveSinceMs }: Steerable,
  share: number,
): Promise<readonly Assessment[]> {
  const firstShare = isFirstShare(percents(deployed.config.rollout.steps), release);
  const compared = comparedOf(deployed.config, release, liveSinceMs);
  const askedMs = Date.parse(release.stepSince);
  const view = {
    split: live,
    candidate: release.slot,
    liveSinceMs,
    askedMs,
    firstShare,
    visits: 1,
    compared,
  };
  const phase = { phase: "sharing", share, liveSinceMs, deadlineMs: Number.POSITIVE_INFINITY } as const;
  const what = { release, view, gates: SHARING_GATES, phase, memory: {} };
  const { verdict } = await check(context, deployed, what);
  return verdict.evidence;
}

function refusalOf(
  { id }: Release,
  all: readonly Assessment[],
  withoutEvidence: boolean,
): string | undefined {
  const evidence = all.filter(({ dryRun = false }) => !dryRun);
  const failing = evidence.filter((one) => one.answer.kind === "fail" && !isDoubt(one));
  if (failing.length > 0) {
    return `release ${id} is not promoted: ${reasons(failing)}. Nothing overrules a gate that fails; to roll it back: npx bluegreen revert`;
  }
  const silent = unanswered(evidence);
  const hasPass = evidence.some(({ answer }) => answer.kind === "pass");
  if (withoutEvidence || (silent.length === 0 && hasPass)) return undefined;
  const why = silent.length === 0 ? "no gate has passed" : reasons(silent);
  return `release ${id} is not promoted: ${why}. To promote it all the same: --without-evidence`;
}

/** A candidate whose tasks follow its share has too few for everyone; undefined: it has enough. */
async function lackOfTasks(context: Context, { deployed, release }: Steerable): Promise<string | undefined> {
  if (!follows(release)) return undefined;
  const { slot, id } = release;
  const read = await attempt(() => desiredTasks(context, deployed));
  if (!read.readable)
    return `release ${id} is not promoted: whether ${slot} has the tasks for everyone could not be read (${read.why})`;
  const tasks = tasksDue(deployed.config, release, 100, read.value);
  if (tasks === undefined) return undefined;
  const has = deployed.config.slots[slot].minTasks;
  return `release ${id} is not promoted: ${slot} has at least ${countOf(has)}, and everyone needs ${tasks}: pulumi config set --path ${slot}.minTasks ${tasks} && pulumi up, and again once they are healthy`;
}

function promotion(
  { deployed, release, nowMs, person }: Steerable,
  share: number,
  evidence: readonly Assessment[],
  reason: string,
): Course {
  const silent = unanswered(evidence).map(({ gate }) => gate);
  const missing = silent.length === 0 ? "" : `, without an answer of ${[...new Set(silent)].join(", ")}`;
  const audit = `at once from ${share} % by ${person}${missing}: ${reason}`;
  return {
    kind: "change",
    change: promoteChange(deployed.config, release, nowMs, `promoted ${audit}`),
    message: `bluegreen: release ${release.id} is promoted ${audit}`,
    sentence: `release ${release.id} is promoted at once from ${share} %${missing}; ${release.slot} is the active slot`,
  };
}

const unanswered = (evidence: readonly Assessment[]) =>
  evidence.filter((one) => one.answer.kind === "noAnswer" || isDoubt(one));

const reasons = (assessments: readonly Assessment[]) =>
  [...new Set(assessments.map(({ answer }) => answer.reason))].join("; ");
