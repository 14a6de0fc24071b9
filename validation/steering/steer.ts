import type { Release } from "../../contract/release/release.ts";
import type { Split } from "../../contract/route/split.ts";
import { readLive, requireDeployed, write } from "../stack/apply.ts";
import type { KeyChange } from "../core/changes/changes.ts";
import { personOf } from "../core/owner.ts";
import { situationOf, type Situation } from "../core/situation.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { restoreRoute } from "../rollback/reconcile.ts";
import { sinceOf } from "../rollout/live-since.ts";

export interface SteerOutcome extends Outcome {
  readonly release: Release;
  readonly changed: boolean;
}

/** A release that may be steered, as it is right now. */
export interface Steerable {
  readonly deployed: Deployed;
  readonly live: Split;
  readonly situation: Extract<
    Situation,
    { readonly kind: "starting" | "cohort" | "sharing" | "paused" | "retreated" }
  >;
  readonly release: Release;
  readonly nowMs: number;
  readonly liveSinceMs: number;
  /** The person who does it, for the audit log. */
  readonly person: string;
}

/** What a person asked for, worked out for a release as it is. */
export type Course =
  | { readonly kind: "nothing"; readonly sentence: string }
  | {
      readonly kind: "change";
      readonly change: KeyChange;
      /** For the audit log. */
      readonly message: string;
      /** For the person, once it is done. */
      readonly sentence: string;
    };

/** An update of a rollout takes a few seconds; who steers does not have to try again manually. */
const PATIENCE_MS = 60_000;
const RETRY_EVERY_MS = 1_000;

/**
 * One change of a release by a person, beside a rollout that may be at work on it: while that holds the stack, or has
 * just changed it, the course is worked out anew. Throws UserError when there is nothing to steer.
 */
export async function steer(
  context: Context,
  plan: (now: Steerable) => Course | Promise<Course>,
): Promise<SteerOutcome> {
  const { clock } = context;
  const untilMs = clock.wall() + PATIENCE_MS;
  for (;;) {
    const isLate = clock.wall() >= untilMs;
    const now = await steerable(context, isLate);
    if (now !== undefined) {
      const { release } = now;
      const course = await plan(now);
      if (course.kind === "nothing") {
        return { exitCode: EXIT.done, sentence: course.sentence, release, changed: false };
      }
      const { change, message, sentence } = course;
      // Decided on these users: who moves them meanwhile, also by an own `pulumi up`, has the newer word.
      const from = now.deployed.config.split;
      const written = await write(context, { change, scope: "route", refresh: false, message, from });
      if (written.kind === "notShown") {
        throw new UserError("BG130", "The update is done, but the route does not show its split.");
      }
      if (written.kind === "shown") {
        const after = written.deployed.config.release ?? release;
        return { exitCode: EXIT.done, sentence, release: after, changed: true };
      }
      if (isLate) throw written.held;
    }
    await clock.sleep(RETRY_EVERY_MS);
  }
}

const ONE_LOOK = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

/** undefined: another process is in the middle of an update. Then it may become clear; not when it `isLate`. */
async function steerable(context: Context, isLate: boolean): Promise<Steerable | undefined> {
  const deployed = await requireDeployed(context);
  const live = await readLive(context, deployed);
  const situation = situationOf(deployed.config, live);
  switch (situation.kind) {
    case "starting":
    case "cohort":
    case "sharing":
    case "paused":
    case "retreated": {
      if (live === undefined) throw new UserError("BG169", "Its weights are no whole percents.");
      const { release } = situation;
      const liveSinceMs = sinceOf(context, deployed, release, undefined);
      const nowMs = context.clock.now();
      const person = personOf(context.owner);
      return { deployed, live, situation, release, nowMs, liveSinceMs, person };
    }
    case "settled":
    case "firstModel": {
      const last = deployed.config.release;
      throw new UserError(
        "BG160",
        last === undefined ? "The stack had no release yet." : `Release ${last.id} is ${last.state}.`,
      );
    }
    case "cutOff":
      // Unless another process is at work on it, which then holds the stack, the route goes back first.
      if (live !== undefined)
        await restoreRoute({ context, deployed, live, options: ONE_LOOK }, situation.release);
      if (isLate) throw new UserError("BG169", "An update of it was cut off.");
      return undefined;
    case "reverted":
      if (isLate) throw new UserError("BG169", `Users were rolled back to ${situation.to}.`);
      return undefined;
    case "manual":
    case "drift":
      throw new UserError("BG169", `It holds: ${situation.why}.`);
  }
}

/** Refuses a candidate that has no users yet; one that gave them back has a share of 0. */
export function requireUsers({ situation, release }: Steerable): number {
  if (situation.kind !== "starting") return shareOf(situation);
  throw new UserError("BG160", `Candidate ${release.id} waits on ${release.slot} and has none.`);
}

/** `10 %`, `cohort internal`: what the candidate has. */
export const placeOf = (situation: Steerable["situation"]): string =>
  situation.kind === "cohort" ? `cohort ${situation.cohort.name}` : `${shareOf(situation)} %`;

/** The candidate's share, in percent. */
export const shareOf = (situation: Steerable["situation"]): number =>
  situation.kind === "sharing" || situation.kind === "paused" ? situation.share : 0;
