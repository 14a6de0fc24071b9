import { isOpen, type Release } from "../contract/release.ts";
import { otherSlot } from "../contract/slot.ts";
import { write } from "./apply.ts";
import { promoteChange, shareChange, type KeyChange } from "./core/changes.ts";
import { liveSince } from "./core/live-since.ts";
import type { Situation } from "./core/situation.ts";
import type { Verdict } from "./core/verdict.ts";
import { SHARING_GATES, STARTING_GATES } from "./gates/index.ts";
import { look, type Look } from "./look.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./moment.ts";
import type { Viewpoint } from "./observe.ts";
import { EXIT, type ExitCode } from "./outcome.ts";
import { takeBackRelease } from "./reconcile.ts";

/** A deployed candidate without users: on `rollout` it gets the first share, once it is fit for it. */
export async function startSharing(moment: Moment, release: Release): Promise<StepOutcome> {
  const { context, options } = moment;
  if (!options.start) {
    const sentence = `candidate ${release.id} waits on ${release.slot}: npx bluegreen rollout`;
    return outcomeOf(moment, "starting", { exitCode: EXIT.done, sentence, finished: true });
  }
  const seen = await lookAtStart(moment, release);
  if (seen.verdict.kind !== "advance") return waiting(moment, "starting", seen);
  const to = seen.verdict.to;
  const { config } = moment.deployed;
  const change = shareChange(config, release, to, context.clock.now(), context.owner);
  return changeRoute(moment, "starting", seen, change, `release ${release.id} starts at ${to} %`);
}

/** The stack's first model: it has all users as soon as there are any, so being healthy makes it promoted. */
export async function promoteFirstModel(moment: Moment, release: Release): Promise<StepOutcome> {
  const seen = await lookAtStart(moment, release);
  if (seen.verdict.kind !== "advance") return waiting(moment, "firstModel", seen);
  const change = promoteChange(
    moment.deployed.config,
    release,
    moment.context.clock.now(),
    "first model of the stack",
  );
  const done = await changeRoute(moment, "firstModel", seen, change, `release ${release.id} is promoted`);
  return done.exitCode === EXIT.done && done.agreed !== undefined ? { ...done, finished: true } : done;
}

/** A running release: judged by all gates, and moved as the verdict says. */
export async function watchShare(moment: Moment, release: Release, share: number): Promise<StepOutcome> {
  const { context, deployed } = moment;
  const { config } = deployed;
  const view = viewOf(moment, release);
  const deadlineMs = deadlineOf(moment, release, view);
  const phase = { phase: "sharing", share, liveSinceMs: view.liveSinceMs, deadlineMs } as const;
  const seen = await look(context, deployed, { release, view, gates: SHARING_GATES, phase });
  const nowMs = context.clock.now();
  switch (seen.verdict.kind) {
    case "advance": {
      const { to } = seen.verdict;
      const change = shareChange(config, release, to, nowMs, context.owner);
      return changeRoute(moment, "sharing", seen, change, `release ${release.id} advances to ${to} %`);
    }
    case "promote": {
      const change = promoteChange(config, release, nowMs, seen.verdict.reasons.join("; "));
      const done = await changeRoute(moment, "sharing", seen, change, `release ${release.id} is promoted`);
      return done.agreed === undefined ? done : { ...done, finished: true };
    }
    case "rollback":
      return takeBackRelease(moment, otherSlot(release.slot), seen);
    case "hold":
    case "insufficient":
      return waiting(moment, "sharing", seen);
  }
}

/** A share that somebody lent by hand: judged and told, never touched. */
export async function watchByHand(
  moment: Moment,
  situation: Extract<Situation, { kind: "byHand" }>,
): Promise<StepOutcome> {
  const { context, deployed } = moment;
  const { slot, share, why } = situation;
  const endedMs = context.clock.fromWall(deployed.endedWallMs);
  const release = deployed.config.release;
  const watched: Release = isOpen(release) ? release : byHandRelease(situation, new Date(endedMs));
  const view: Viewpoint = { split: moment.live, candidate: slot, liveSinceMs: endedMs, firstShare: true };
  const phase = {
    phase: "sharing",
    share,
    liveSinceMs: endedMs,
    deadlineMs: Number.POSITIVE_INFINITY,
  } as const;
  const seen = await look(context, deployed, { release: watched, view, gates: SHARING_GATES, phase });
  const failing = seen.verdict.kind === "rollback";
  const advice = failing
    ? `it fails (${seen.verdict.reasons.join("; ")}): npx bluegreen revert`
    : "it is watched, not moved";
  return outcomeOf(moment, "byHand", {
    exitCode: failing || isOpen(release) ? EXIT.needsPerson : EXIT.done,
    sentence: `${slot} has ${share} % by hand (${why}); ${advice}`,
    finished: true,
    verdict: seen.verdict,
  });
}

function byHandRelease({ slot, share }: Extract<Situation, { kind: "byHand" }>, since: Date): Release {
  return {
    id: "by-hand",
    slot,
    digest: "",
    state: "running",
    weight: share,
    stepSince: since.toISOString(),
    deadline: "",
    owner: "",
    reason: "",
  };
}

async function lookAtStart(moment: Moment, release: Release): Promise<Look> {
  const { context, deployed, options } = moment;
  const view = viewOf(moment, release);
  const phase = { phase: "starting", deadlineMs: options.startDeadlineMs } as const;
  return look(context, deployed, { release, view, gates: STARTING_GATES, phase });
}

function viewOf({ context, deployed, live, options }: Moment, release: Release): Viewpoint {
  const { config, endedWallMs } = deployed;
  const agreed = options.agreed?.generation === config.generation ? options.agreed.atMs : undefined;
  return {
    split: live,
    candidate: release.slot,
    liveSinceMs: liveSince({
      stepSinceMs: Date.parse(release.stepSince),
      updateEndedMs: context.clock.fromWall(endedWallMs),
      agreedMs: agreed,
    }),
    firstShare: release.weight <= (config.rollout.steps[0] ?? 100),
  };
}

function deadlineOf({ deployed }: Moment, release: Release, view: Viewpoint): number {
  const stored = Date.parse(release.deadline);
  return Number.isFinite(stored)
    ? stored
    : view.liveSinceMs + deployed.config.rollout.deadlineMinutes * 60_000;
}

function waiting(moment: Moment, situation: Situation["kind"], { verdict, sentence }: Look): StepOutcome {
  const expired = "expired" in verdict && verdict.expired;
  const exitCode = expired ? lateExit(verdict) : EXIT.done;
  return outcomeOf(moment, situation, {
    exitCode,
    sentence,
    finished: expired,
    verdict,
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
  { verdict, sentence }: Look,
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
        agreed: { generation: written.deployed.config.generation, atMs: written.atMs },
      })
    : outcomeOf(moment, situation, { ...notWritten(written), verdict });
}
