import { notPassed, type Release } from "../../contract/release/release.ts";
import { isFirstShare } from "../../contract/release/retreat.ts";
import { otherSlot } from "../../contract/slot.ts";
import { isEmpty } from "../../contract/config/stack-config.ts";
import { percents } from "../../contract/config/steps.ts";
import { write } from "../stack/apply.ts";
import { promoteChange, shareChange, type KeyChange } from "../core/changes/changes.ts";
import { comparedOf } from "../core/changes/compared.ts";
import { needsPerson } from "../core/machine.ts";
import { resumption, unseenRetreats } from "../core/changes/retreating.ts";
import type { Situation } from "../core/situation.ts";
import { deadlineOf, unapproved } from "../core/changes/steering.ts";
import { waivedWords } from "../core/tested.ts";
import type { Verdict } from "../core/verdict.ts";
import { UserError } from "../errors.ts";
import { fastTrack } from "./fast-track.ts";
import { RESUMING_GATES, SHARING_GATES, STARTING_GATES } from "../gates/index.ts";
import { look, type Look } from "./check.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import type { Viewpoint } from "./observe.ts";
import { EXIT, type ExitCode } from "../outcome.ts";
import { refuseUnknownAlarms } from "./own-alarms.ts";
import { refuseGivenUp } from "../deploy/ready.ts";
import { retreatRelease, rollBackRelease } from "../rollback/reconcile.ts";
import { scheduleOf } from "../planning/schedule.ts";
import { sinceOf } from "./live-since.ts";

/** A deployed candidate without users: on `rollout` it gets the first share, once it is fit for it. */
export async function startSharing(moment: Moment, release: Release): Promise<StepOutcome> {
  const { context, options } = moment;
  if (!options.start) {
    const sentence = `candidate ${release.id} waits on ${release.slot}: npx bluegreen test, then rollout`;
    return outcomeOf(moment, "starting", { exitCode: EXIT.done, sentence, finished: true });
  }
  const untested = await requireTested(moment, release);
  const seen = await lookAtStart(moment, release);
  if (seen.verdict.kind !== "advance") return waiting(moment, "starting", seen);
  if ((await options.warm?.(moment.deployed, release.slot)) === true) {
    // That took its time, so what was seen before it is old: the next step looks again.
    const sentence = `${release.slot} was warmed`;
    return outcomeOf(moment, "starting", { exitCode: EXIT.done, sentence, finished: false });
  }
  const to = seen.verdict.to;
  const { config } = moment.deployed;
  const trusted = await fastTrack(context, config, release);
  const { schedule } = await scheduleOf(context, moment.deployed, release, options.memory ?? {});
  const nowMs = context.clock.now();
  const change = shareChange(config, trusted, to, nowMs, context.owner, untested, schedule);
  const how = trusted.fastTrack === "" ? "" : `, without bakes: promoted before as ${trusted.fastTrack}`;
  const anyway = untested === "" ? "" : ` (${untested})`;
  const what = `release ${release.id}${anyway} starts at ${to} %${how}`;
  return changeRoute(moment, "starting", seen, change, what);
}

/** Refuses a candidate that has not passed its pre-traffic tests, or answers with what to write down about it. */
async function requireTested({ context, deployed, options }: Moment, release: Release): Promise<string> {
  const why = notPassed(release, deployed.outputs.slots[release.slot].running?.taskDefinitionArn);
  if (why === undefined) return "";
  if (options.skipTests !== true) {
    // What ECS gave up cannot be tested either, so that comes first.
    await refuseGivenUp(context, deployed, release.slot);
    throw new UserError("BG182", `Release ${release.id}: ${why}.`);
  }
  return `--skip-tests: ${why}`;
}

/**
 * The stack's first model, or a candidate that a person has made the active slot: it has all users as soon as there are
 * any, so being healthy makes it promoted.
 */
export async function promoteFirstModel(moment: Moment, release: Release): Promise<StepOutcome> {
  const seen = await lookAtStart(moment, release);
  if (seen.verdict.kind !== "advance") return waiting(moment, "firstModel", seen);
  const { config } = moment.deployed;
  const isFirst = isEmpty(config.slots[otherSlot(release.slot)]);
  const reason = isFirst ? "first model of the stack" : "made the active slot manually";
  const change = promoteChange(config, release, moment.context.clock.now(), reason);
  const done = await changeRoute(moment, "firstModel", seen, change, `release ${release.id} is promoted`);
  return done.exitCode === EXIT.done && done.agreed !== undefined ? { ...done, finished: true } : done;
}

/** A release with users, running or paused: judged by all gates, and moved as the verdict says. */
export async function watchShare(moment: Moment, release: Release, share: number): Promise<StepOutcome> {
  const { context, deployed, options } = moment;
  const { config } = deployed;
  const view = viewOf(moment, release);
  const deadlineMs = stepDeadlineMs(moment, release, view);
  const phase = {
    phase: "sharing",
    share,
    liveSinceMs: view.liveSinceMs,
    deadlineMs,
    paused: release.state === "paused" ? release.reason : undefined,
    watchOnly: options.watchOnly === true,
    unapproved: unapproved(config, release),
    waived: waivedWords(release),
  } as const;
  const synthetic = options.synthetic?.();
  const memory = options.memory ?? {};
  const seen = await look(context, deployed, {
    release,
    view,
    gates: SHARING_GATES,
    phase,
    memory,
    synthetic,
  });
  const situation = release.state === "paused" ? "paused" : "sharing";
  const nowMs = context.clock.now();
  const { action } = seen;
  switch (action?.kind) {
    case "share": {
      const to = action.percent;
      // A scheduled step moves a release, but does not stay to own it.
      const owner = options.start ? context.owner : release.owner;
      const change = shareChange(config, release, to, nowMs, owner);
      return changeRoute(moment, "sharing", seen, change, `release ${release.id} advances to ${to} %`);
    }
    case "promote": {
      const change = promoteChange(config, release, nowMs, seen.verdict.reasons.join("; "));
      const done = await changeRoute(moment, "sharing", seen, change, `release ${release.id} is promoted`);
      return done.agreed === undefined ? done : { ...done, finished: true };
    }
    case "rollBack":
      return rollBackRelease(moment, otherSlot(release.slot), seen);
    case "retreat":
      return retreatRelease(moment, release, seen);
    case "callPerson":
    case undefined:
      return waiting(moment, situation, seen);
  }
}

/** Nobody is on the candidate: it waits, gets users again, or what was counted has proven its fault by now. */
export async function watchRetreated(moment: Moment, release: Release): Promise<StepOutcome> {
  const { context, deployed, options } = moment;
  const { config } = deployed;
  const due = resumption(config, release);
  if (due === undefined) throw new Error(`release ${release.id} has not retreated`);
  const view = viewOf(moment, release);
  const phase = {
    phase: "retreated",
    to: due.to,
    resumesMs: due.atMs,
    deadlineMs: stepDeadlineMs(moment, release, view),
    retreats: unseenRetreats(release).length,
    watchOnly: options.watchOnly === true,
    paused: release.state === "paused" ? release.reason : undefined,
  } as const;
  const memory = options.memory ?? {};
  const seen = await look(context, deployed, { release, view, gates: RESUMING_GATES, phase, memory });
  const { action } = seen;
  switch (action?.kind) {
    case "share": {
      const owner = options.start ? context.owner : release.owner;
      const change = shareChange(config, release, action.percent, context.clock.now(), owner);
      const what = `release ${release.id} is tried again at ${action.percent} %`;
      return changeRoute(moment, "retreated", seen, change, what);
    }
    case "rollBack":
      return rollBackRelease(moment, otherSlot(release.slot), seen, "retreated");
    default:
      return waiting(moment, "retreated", seen);
  }
}

async function lookAtStart(moment: Moment, release: Release): Promise<Look> {
  const { context, deployed, options } = moment;
  const view = viewOf(moment, release);
  const waitsFor = unapproved(deployed.config, release);
  const phase = {
    phase: "starting",
    deadlineMs: options.startDeadlineMs,
    unapproved: waitsFor,
    waived: waivedWords(release),
  } as const;
  const memory = options.memory ?? {};
  const seen = await look(context, deployed, { release, view, gates: STARTING_GATES, phase, memory });
  if (seen.verdict.kind !== "advance") {
    await refuseGivenUp(context, deployed, release.slot);
    await refuseUnknownAlarms(context, deployed, release.slot);
  }
  return seen;
}

function viewOf({ context, deployed, live, options }: Moment, release: Release): Viewpoint {
  const liveSinceMs = sinceOf(context, deployed, release, options.agreed);
  return {
    split: live,
    candidate: release.slot,
    liveSinceMs,
    askedMs: Date.parse(release.stepSince),
    firstShare: isFirstShare(percents(deployed.config.rollout.steps), release),
    visits: 1 + release.retreats.filter(({ from }) => from === release.weight).length,
    compared: comparedOf(deployed.config, release, liveSinceMs),
  };
}

function stepDeadlineMs({ deployed }: Moment, release: Release, view: Viewpoint): number {
  const stored = Date.parse(release.deadline);
  return Number.isFinite(stored) ? stored : view.liveSinceMs + deadlineOf(deployed.config, release) * 60_000;
}

function waiting(
  moment: Moment,
  situation: Situation["kind"],
  { verdict, sentence, comparison }: Look,
): StepOutcome {
  const expired = "expired" in verdict && verdict.expired;
  const exitCode = expired ? lateExit(verdict) : needsPerson(verdict) ? EXIT.needsPerson : EXIT.done;
  return outcomeOf(moment, situation, {
    exitCode,
    sentence,
    finished: expired,
    verdict,
    comparison,
    agreed: moment.options.agreed,
  });
}

/** At the deadline: is evidence missing, or does somebody have to look at what is there? */
function lateExit(verdict: Verdict): ExitCode {
  const missing =
    verdict.kind === "insufficient" || (verdict.kind === "hold" && verdict.why === "unreadable");
  return missing ? EXIT.evidenceMissing : EXIT.needsPerson;
}

async function changeRoute(
  moment: Moment,
  situation: Situation["kind"],
  { verdict, sentence, comparison }: Look,
  change: KeyChange,
  what: string,
): Promise<StepOutcome> {
  const message = `bluegreen: ${what}`;
  const written = await write(moment.context, { change, scope: "route", refresh: false, message });
  return written.kind === "shown"
    ? outcomeOf({ deployed: written.deployed, live: written.deployed.config.split }, situation, {
        exitCode: EXIT.done,
        sentence,
        finished: false,
        verdict,
        comparison,
        agreed: { generation: written.deployed.config.generation, atMs: written.atMs },
      })
    : outcomeOf(moment, situation, { ...notWritten(written), verdict, comparison });
}
