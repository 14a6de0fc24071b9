import { cohortInStep } from "../../contract/cohorts/in-step.ts";
import type { ReleasedCohort } from "../../contract/cohorts/released.ts";
import { isOpen, type Release } from "../../contract/release/release.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { shiftedShare } from "../../contract/config/stack-config.ts";
import { sameSplit, showSplit, type Split } from "../../contract/route/split.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { percents } from "../../contract/config/steps.ts";
import { resumeShare } from "../../contract/release/retreat.ts";
import { nextShare } from "./changes/steering.ts";

/**
 * How the deployed configuration, the release in it and the live route stand to each other. Only `sharing`
 * and `starting` may move users forward; the others say what must come first.
 */
export type Situation =
  /** Nothing in progress, and the route is as deployed. */
  | { readonly kind: "settled"; readonly release: Release | undefined }
  /** A candidate without users, waiting for `rollout`. */
  | { readonly kind: "starting"; readonly release: Release }
  /**
   * The first model of the stack, or a candidate that a person has made the active slot: it has everyone already, and
   * only its release has to say so.
   */
  | { readonly kind: "firstModel"; readonly release: Release }
  /** A running or paused release whose candidate has a cohort, and no users yet. */
  | { readonly kind: "cohort"; readonly release: Release; readonly cohort: ReleasedCohort }
  /** A running release whose share is the same in the release, the configuration and the route. */
  | { readonly kind: "sharing"; readonly release: Release; readonly share: number }
  /** The same, while a person has stopped it: watched, rolled back when it fails, never moved forward. */
  | { readonly kind: "paused"; readonly release: Release; readonly share: number }
  /** A running release that gave its users back in doubt, and is tried again at this share. */
  | { readonly kind: "retreated"; readonly release: Release; readonly to: number }
  /** Users were rolled back behind Pulumi's back: an emergency revert. The state has to follow the route. */
  | { readonly kind: "reverted"; readonly to: Slot }
  /** The route has a share that only an update of ours asks for next: it was cut off. The route has to follow. */
  | { readonly kind: "cutOff"; readonly release: Release }
  /** A share that somebody shifted manually: watched, never touched. */
  | { readonly kind: "manual"; readonly slot: Slot; readonly share: number; readonly why: string }
  /** Route and configuration differ, and it was none of our tools: a person has to say what shall be. */
  | { readonly kind: "drift"; readonly why: string };

/** `live` is the split on the route; undefined when its weights are no whole percents. */
export function situationOf(config: StackConfig, live: Split | undefined): Situation {
  if (live === undefined) {
    return { kind: "drift", why: "the weights of the route are no whole percents" };
  }
  const { release } = config;
  const shifted = shiftedShare(config);
  const liveShifted = live[shifted.slot];
  const hasEveryone = live[config.activeSlot] === 100;
  if (isOpen(release) && release.slot === config.activeSlot && hasEveryone) {
    return { kind: "firstModel", release };
  }
  if (isOpen(release) && release.slot === shifted.slot) {
    const shares = { deployed: shifted.percent, live: liveShifted, slot: shifted.slot };
    return openRelease(release, shares, percents(config.rollout.steps));
  }
  return withoutOpenRelease(config, live);
}

function openRelease(
  release: Release,
  shifted: { readonly deployed: number; readonly live: number; readonly slot: Slot },
  steps: readonly number[],
): Situation {
  const asked = release.state === "deployed" ? 0 : release.weight;
  const revertedManually = asked > 0 && shifted.deployed === 0 && shifted.live === 0;
  // An emergency revert rolls everything back, also what was shifted manually; no update of ours gives 0 to a share.
  const revertedAtOnce = shifted.deployed > 0 && shifted.live === 0;
  if (revertedManually || revertedAtOnce) return { kind: "reverted", to: otherSlot(shifted.slot) };
  if (asked !== shifted.deployed) {
    const why = `the release asked for ${asked} %, but ${shifted.deployed} % is configured`;
    return { kind: "manual", slot: shifted.slot, share: shifted.live, why };
  }
  // Our updates ask for the next share, or for everyone.
  const isPromotion = shifted.deployed > 0 && shifted.live === 100;
  const given = release.retreats.at(-1);
  const resumes = asked === 0 && given !== undefined ? resumeShare(steps, given.from) : undefined;
  const mayBeCutOff = isPromotion || shifted.live === (resumes ?? nextShare(steps, shifted.deployed));
  if (shifted.live > shifted.deployed && mayBeCutOff) return { kind: "cutOff", release };
  if (shifted.live !== shifted.deployed) {
    const why = `${shifted.slot} has ${shifted.live} %, deployed are ${shifted.deployed} %, and no tool of ours asked for that`;
    return { kind: "drift", why };
  }
  if (release.state === "deployed") return { kind: "starting", release };
  if (resumes !== undefined) return { kind: "retreated", release, to: resumes };
  const cohort = cohortInStep(release);
  if (cohort !== undefined) return { kind: "cohort", release, cohort };
  const kind = release.state === "paused" ? "paused" : "sharing";
  return { kind, release, share: shifted.live };
}

function withoutOpenRelease(config: StackConfig, live: Split): Situation {
  const { release, activeSlot, split } = config;
  const shifted = shiftedShare(config);
  if (sameSplit(live, split)) {
    if (shifted.percent === 0) return { kind: "settled", release };
    return { kind: "manual", slot: shifted.slot, share: shifted.percent, why: "no release is running" };
  }
  // Nobody advances a release that is the active slot's, so a route that gives everyone to the other one was reverted.
  // A rolled back one is there only because a person has taken everyone to it (`revert --to`).
  if (release?.slot === activeSlot && live[activeSlot] === 0) return { kind: "reverted", to: shifted.slot };
  if (live[activeSlot] === 100) return { kind: "reverted", to: activeSlot };
  return { kind: "drift", why: `configured is ${showSplit(split)}, live is ${showSplit(live)}` };
}
