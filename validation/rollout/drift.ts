import { isOpen, type Release } from "../../contract/release/release.ts";
import { shiftedShare } from "../../contract/config/stack-config.ts";
import { showSplit, type Split } from "../../contract/route/split.ts";
import { readLive, requireDeployed, write } from "../stack/apply.ts";
import { checkManual } from "./manual-share.ts";
import { restoreChange } from "../core/changes/changes.ts";
import { sentence } from "../core/sentence.ts";
import { situationOf, type Situation } from "../core/situation.ts";
import type { Verdict } from "../core/verdict.ts";
import { UserError } from "../errors.ts";
import { outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import type { Checked } from "./check.ts";
import { restoreRoute, retreatRelease, rollBackRelease } from "../rollback/reconcile.ts";

export const RESTORE = "npx bluegreen restore";

/** `live`: undefined when the weights of the route are no whole percents. */
type Drifted = Omit<Moment, "live"> & { readonly live: Split | undefined };

/**
 * Weights that none of our tools wrote. Nobody is moved forward, and what the other hand did is not undone; but a
 * candidate with users is judged as ever, and one that fails is rolled back, whoever gave it the users. A rollout
 * stays and watches them until the step's deadline; then, and at once where no release is open, it is for a person.
 */
export async function watchDrift(drifted: Drifted, situation: Situation): Promise<StepOutcome> {
  const why = situation.kind === "drift" ? situation.why : "the route could not be understood";
  const { config, outputs } = drifted.deployed;
  const { release } = config;
  const isWatched =
    isOpen(release) &&
    release.slot !== config.activeSlot &&
    outputs.slots[release.slot].running !== undefined;
  return isWatched
    ? watchCandidate(drifted, release, { situation: "drift", why, fix: fix(drifted.deployed) })
    : needsPerson(drifted, why);
}

/**
 * A share that a person configured under an open release, so that Pulumi and the route agree and the release does not:
 * the same as with drift. What the person did is not undone, and nobody is moved forward.
 */
export async function watchConfigured(
  moment: Moment,
  release: Release,
  { slot, why }: Extract<Situation, { kind: "manual" }>,
): Promise<StepOutcome> {
  const { activeSlot } = moment.deployed.config;
  const asked = release.state === "deployed" ? 0 : release.weight;
  const fix = `To let the release go on: \`pulumi config set ${slot}Weight ${asked} && pulumi up\`; all traffic back to ${activeSlot}: npx bluegreen revert`;
  return watchCandidate(moment, release, { situation: "manual", why, fix });
}

/**
 * An update of ours was cut off, and the candidate has users of whom no release tells. The route goes back to what is
 * deployed; but whoever was cut off may hold the stack, so users of a candidate that fails are moved back before that.
 */
export async function watchCutOff(moment: Moment, release: Release): Promise<StepOutcome> {
  const why = "an update was cut off";
  const seen = await lookAtCandidate(moment, release, why);
  return (await movedBack(moment, release, seen, "cutOff")) ?? restoreRoute(moment, release);
}

async function watchCandidate(
  drifted: Drifted,
  release: Release,
  {
    situation,
    why,
    fix,
  }: { readonly situation: "drift" | "manual"; readonly why: string; readonly fix: string },
): Promise<StepOutcome> {
  const { deployed, live, options } = drifted;
  // Weights that cannot be read as a split still give the candidate users, or may.
  const moment = { ...drifted, live: live ?? deployed.config.split };
  const seen = ownedByPerson(await lookAtCandidate(moment, release, why), moment, release);
  const back = await movedBack(moment, release, seen, situation);
  if (back !== undefined) return back;
  const expired = "expired" in seen.verdict && seen.verdict.expired;
  return {
    ...outcomeOf(moment, situation, {
      exitCode: EXIT.needsPerson,
      sentence: `${seen.sentence}. ${fix}`,
      finished: expired || !options.start,
      verdict: seen.verdict,
    }),
    split: live,
  };
}

function lookAtCandidate(moment: Moment, release: Release, drift: string): Promise<Checked> {
  const { slot } = release;
  return checkManual(moment, slot, moment.live[slot], { deadlineMs: deadlineOf(moment, release), drift });
}

function deadlineOf({ options }: Moment, { deadline }: Release): number {
  const stored = Date.parse(deadline);
  return Number.isFinite(stored) ? stored : options.startDeadlineMs;
}

/**
 * A release gives back what it has been given. Where that is nothing, a retreat moves nobody: the users whom a person gave
 * the candidate wait for that person, and no longer than every other wait.
 */
function ownedByPerson(seen: Checked, moment: Moment, release: Release): Checked {
  const { verdict } = seen;
  if (verdict.kind !== "retreat" || release.weight > 0) return seen;
  const { reasons, evidence } = verdict;
  const expired = moment.context.clock.now() >= deadlineOf(moment, release);
  const goesBack = expired && moment.deployed.config.rollout.atDeadline === "revert";
  const instead: Verdict = goesBack
    ? { kind: "rollback", cause: "deadline", reasons, evidence }
    : { kind: "hold", why: "doubt", expired, reasons, evidence };
  const { slot } = release;
  return { ...seen, verdict: instead, sentence: sentence(instead, slot, moment.live[slot]) };
}

/** What a candidate that fails, or may, makes necessary whoever gave it users; undefined: nothing. */
async function movedBack(
  moment: Moment,
  release: Release,
  seen: Checked,
  situation: Situation["kind"],
): Promise<StepOutcome | undefined> {
  const { activeSlot } = moment.deployed.config;
  if (seen.verdict.kind === "rollback") return rollBackRelease(moment, activeSlot, seen, situation);
  // What is shifted past a release that never had users has nothing to go back to.
  const isRetreat = seen.verdict.kind === "retreat" && release.weight > 0;
  return isRetreat ? retreatRelease(moment, release, seen) : undefined;
}

/** Nothing is judged here that anybody would roll back: no release is open. What is seen is told. */
async function needsPerson(drifted: Drifted, why: string): Promise<StepOutcome> {
  const { deployed, live } = drifted;
  const failing = live === undefined ? [] : await failingReasons({ ...drifted, live });
  const { slot } = shiftedShare(deployed.config);
  const alarm = failing.length === 0 ? "" : `; ${slot} fails (${failing.join("; ")}): npx bluegreen revert`;
  return {
    exitCode: EXIT.needsPerson,
    sentence: `holding, because the route is not as deployed: ${why}${alarm}. ${fix(deployed)}`,
    finished: true,
    situation: "drift",
    release: deployed.config.release,
    split: live,
    verdict: undefined,
    agreed: undefined,
  };
}

const fix = ({ config }: Deployed) => `Back to ${showSplit(config.split)}: ${RESTORE}`;

async function failingReasons(moment: Moment): Promise<readonly string[]> {
  const { deployed, live } = moment;
  const { slot } = shiftedShare(deployed.config);
  const share = live[slot];
  if (share === 0 || deployed.outputs.slots[slot].running === undefined) return [];
  const { verdict } = await checkManual(moment, slot, share);
  return verdict.kind === "rollback" || verdict.kind === "retreat" ? verdict.reasons : [];
}

export interface RestoreOutcome extends Outcome {
  /** What the route had; undefined: weights that are no whole percents, or nothing readable. */
  readonly before: Split | undefined;
  readonly after: Split;
  readonly restored: boolean;
}

/**
 * Puts the route back to what is deployed, whoever changed it: one update of the route alone, refreshed first so
 * that Pulumi sees what it has to undo. Users whom a revert rolled back stay where they are: that is for `step`.
 */
export async function restore(context: Context): Promise<RestoreOutcome> {
  const deployed = await requireDeployed(context);
  const { config } = deployed;
  const read = await attempt(() => readLive(context, deployed));
  if (!read.readable) throw new UserError("BG167", read.why);
  const before = read.value;
  const wanted = showSplit(config.split);
  const situation = situationOf(config, before);
  if (situation.kind === "reverted") throw new UserError("BG166", `All traffic is on ${situation.to}.`);
  if (situation.kind !== "drift" && situation.kind !== "cutOff") {
    const sentence = `nothing to restore: the route is at ${wanted}, as deployed`;
    return { exitCode: EXIT.done, sentence, before, after: config.split, restored: false };
  }
  const shown = before === undefined ? "weights that are no whole percents" : showSplit(before);
  const message = `bluegreen: the route goes back to ${wanted}, as deployed; it had ${shown}`;
  const change = restoreChange(config);
  const written = await write(context, { change, scope: "route", refresh: true, message });
  if (written.kind === "locked") throw written.held;
  if (written.kind === "notShown") throw new UserError("BG130", `The route does not show ${wanted}.`);
  const sentence = `the route is back at ${wanted}, as deployed; it had ${shown}`;
  return { exitCode: EXIT.done, sentence, before, after: config.split, restored: true };
}
