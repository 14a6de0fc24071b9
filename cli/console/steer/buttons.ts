import { cohortInStep } from "../../../contract/cohorts/in-step.ts";
import { isOpen } from "../../../contract/release/release.ts";
import { percents } from "../../../contract/config/steps.ts";
import { showSplit, type Split } from "../../../contract/route/split.ts";
import { nextShare, unapproved } from "../../../validation/core/changes/steering.ts";
import { cohortPerhapsSent } from "../../../validation/core/changes/cohort-step.ts";
import { planRevert } from "../../../validation/core/changes/revert-plan.ts";
import { definition as approveVerb } from "../../verbs/steer/approve.ts";
import { definition as pauseVerb } from "../../verbs/steer/pause.ts";
import { definition as promoteVerb } from "../../verbs/steer/promote.ts";
import { definition as resumeVerb } from "../../verbs/steer/resume.ts";
import { definition as revertVerb } from "../../verbs/release/revert.ts";
import type { Deployed } from "../../../validation/ports.ts";
import type { PerSlot, Slot } from "../../../contract/slot.ts";

export const STEERING = ["approve", "pause", "resume", "promote", "revert"] as const;
export type SteeringVerb = (typeof STEERING)[number];

/** A verb that the page can run, and what it would do now. */
export interface ButtonState {
  readonly verb: SteeringVerb;
  /** As the help of the command line has it. */
  readonly about: string;
  /** What it does to this stack, as it is now. */
  readonly will: string;
  /** As it is typed. */
  readonly command: string;
  readonly needsReason: boolean;
  /** The share that is approved. */
  readonly step?: number | undefined;
  /** Why it is not to be had now; undefined: it is. */
  readonly closed: string | undefined;
}

/** Where a revert brings everyone. */
export interface WayBack {
  readonly to: Slot;
  /** Why there is nothing to do; undefined: there is. */
  readonly closed: string | undefined;
  /** As it is typed for this stack. */
  readonly command: string;
  readonly will: string;
}

/** A verb that the console has started. */
export interface VerbRun {
  readonly id: string;
  readonly verb: string;
  /** What it said as it went. */
  readonly lines: readonly string[];
  /** undefined: it runs. */
  readonly exitCode: number | undefined;
  /** Its last word. */
  readonly sentence: string | undefined;
}

const ABOUT = {
  approve: approveVerb.about,
  pause: pauseVerb.about,
  resume: resumeVerb.about,
  promote: promoteVerb.about,
  revert: revertVerb.about,
};

/** `asTyped`: how commands are typed for this stack. */
export function buttonsOf(
  { config }: Deployed,
  back: WayBack | undefined,
  asTyped: (text: string) => string,
): readonly ButtonState[] {
  const { release, rollout } = config;
  const open = isOpen(release) ? release : undefined;
  const hasUsers = open !== undefined && open.weight > 0 && open.slot !== config.activeSlot;
  const next = open && nextShare(percents(rollout.steps), open.weight);
  const wanted = open && unapproved(config, open).find((share) => share > open.weight);
  const cohort = cohortInStep(release);
  const place = cohort === undefined ? `at ${open?.weight ?? 0} %` : `with cohort ${cohort.name}`;
  const isPaused = open?.state === "paused";
  const isRetreated = open !== undefined && open.weight === 0 && open.retreats.length > 0;
  const noRelease = "no release runs";
  const button = (
    verb: SteeringVerb,
    will: string,
    closed: string | undefined,
    args = "",
    more: Partial<ButtonState> = {},
  ): ButtonState => ({
    verb,
    about: ABOUT[verb],
    will,
    command: asTyped(`npx bluegreen ${verb}${args}`),
    needsReason: false,
    closed,
    ...more,
  });
  const name = open?.slot ?? "the candidate";
  const onward = next === undefined ? `${name} becomes the active slot` : `${name} may get ${next} %`;
  return [
    button(
      "approve",
      `${wanted ?? "The next share"} % of ${open?.id ?? "the release"} is approved; it goes there when every gate passes.`,
      wanted === undefined ? "no share waits for approval" : undefined,
      wanted === undefined ? "" : ` --step ${wanted}`,
      { step: wanted },
    ),
    button(
      "pause",
      `${name} stays ${place}. It is watched on, and rolled back if it fails.`,
      isPaused ? "it is paused already" : hasUsers || cohort !== undefined ? undefined : noRelease,
    ),
    button(
      "resume",
      isRetreated ? `${name} is tried again.` : `The release goes on ${place}: ${onward} next.`,
      isPaused || isRetreated ? undefined : "nothing is paused",
    ),
    button(
      "promote",
      `${name} gets everyone and becomes the active slot at once, when every gate passes. Steps and bakes that are left are skipped.`,
      hasUsers
        ? undefined
        : cohort !== undefined
          ? `it has its cohort ${cohort.name} alone, and no other users yet`
          : isRetreated
            ? "it has given its users back"
            : noRelease,
      ' --now --reason "…"',
      { needsReason: true },
    ),
    button("revert", back?.will ?? "The route's own tags say who gets everyone.", back?.closed),
  ];
}

/**
 * Where the stack cannot be read. A revert needs no engine and no metric, and may go through where nothing else does;
 * without `asTyped` not even the stack is within reach.
 */
export function buttonsUnread(asTyped: ((text: string) => string) | undefined): readonly ButtonState[] {
  return STEERING.map((verb) => ({
    verb,
    about: ABOUT[verb],
    will: "What it would move is not known, because the stack cannot be read. The route's own tags say who gets everyone.",
    command: (asTyped ?? String)(`npx bluegreen ${verb}`),
    needsReason: false,
    closed: verb === "revert" && asTyped !== undefined ? undefined : "the stack cannot be read",
  }));
}

/** What a revert would find. */
export interface RouteSeen {
  /** undefined: not readable. */
  readonly live: Split | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Healthy tasks of each slot. */
  readonly healthy: PerSlot<number | undefined> | undefined;
}

/** Where `revert` brings everyone, by the rules of the verb; undefined: the route's tags do not say. */
export function wayBackOf(
  { config }: Deployed,
  { live, tags, healthy }: RouteSeen,
  asTyped: (text: string) => string,
): WayBack | undefined {
  const plan = planRevert(live, tags, undefined);
  if (plan === undefined) return undefined;
  const { to } = plan;
  const { release } = config;
  const command = asTyped("npx bluegreen revert");
  if (plan.kind === "move" && config.slots[to].image === undefined) {
    const will = `There is none yet: ${to} is empty, and nobody else has a model.`;
    return { to, closed: `${to} is empty`, command, will };
  }
  const cohort = cohortInStep(release);
  if (plan.kind === "nothing" && release !== undefined && release.slot !== to && cohort !== undefined) {
    const back = cohort.moved === true ? `Cohort ${cohort.name} goes back to it` : "Its cohort stays";
    const will = `All users are on ${to} already. ${back}, and release ${release.id} ends.`;
    return { to, closed: undefined, command, will };
  }
  const perhaps = release && cohortPerhapsSent(config, release);
  if (plan.kind === "nothing" && release !== undefined && release.slot !== to && perhaps !== undefined) {
    const will = `All users are on ${to} already. Release ${release.id} ends before it has begun, and cohort ${perhaps.name} goes back to ${to} in case an update that was cut off has moved it.`;
    return { to, closed: undefined, command, will };
  }
  if (plan.kind === "nothing" && isOpen(release) && release.slot !== to && release.retreats.length > 0) {
    const will = `All users are on ${to} already. Release ${release.id} ends, and is not tried again.`;
    return { to, closed: undefined, command, will };
  }
  const now = live === undefined ? "The split is not known now" : `Now: ${showSplit(live)}`;
  const ends = isOpen(release) ? ` Release ${release.id} ends.` : "";
  const risk = healthy?.[to] === 0 ? ` ${to} has no healthy task now.` : "";
  const will =
    plan.kind === "nothing"
      ? `Nobody would be moved. ${plan.why.charAt(0).toUpperCase()}${plan.why.slice(1)}.`
      : live?.[to] === 100
        ? `All users are on ${to} already.${ends}`
        : `All users go to ${to}, in seconds. ${now}.${ends}${risk}`;
  const closed = plan.kind === "move" ? undefined : "everyone is where a revert would put them";
  return { to, closed, command, will };
}
