import { requestedIn } from "../../contract/names/running.ts";
import { switchedManually } from "../../contract/route/manual-switch.ts";
import { percents } from "../../contract/config/steps.ts";
import { notPassed } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { isEmpty, type StackConfig } from "../../contract/config/stack-config.ts";
import type { Reading, ServiceReading } from "../core/observation.ts";
import type { Standing } from "../core/owner.ts";
import { notRunning, runsOf } from "../core/runs.ts";
import type { Situation } from "../core/situation.ts";
import { unseenRetreats } from "../core/changes/retreating.ts";
import { dueReturned, unsettled } from "../core/changes/settling.ts";
import { nextShare, unapproved } from "../core/changes/steering.ts";
import { RESTORE } from "../rollout/drift.ts";
import type { Deployed } from "../ports.ts";

export const NEXT: Readonly<Record<Situation["kind"], string>> = {
  settled: "npx bluegreen deploy <image> --model-version <version>",
  starting: "npx bluegreen rollout",
  firstModel: "npx bluegreen rollout",
  cohort: "npx bluegreen rollout",
  sharing: "npx bluegreen rollout",
  reverted: "npx bluegreen step",
  cutOff: "npx bluegreen rollout",
  manual: "npx bluegreen revert",
  paused: "npx bluegreen resume",
  retreated: "npx bluegreen rollout",
  drift: RESTORE,
};

/** The rollout that moves the release is at work: whoever started another would be told so. */
const AT_WORK = "nothing: that rollout is at work";
const STOPPABLE = `${AT_WORK}; to stop it where it is: npx bluegreen pause`;

/** What a rollout that is at work does by itself. */
const ITS_OWN: ReadonlySet<Situation["kind"]> = new Set([
  "settled",
  "starting",
  "firstModel",
  "cohort",
  "sharing",
  "reverted",
  "cutOff",
  "retreated",
]);
const WITH_USERS: ReadonlySet<Situation["kind"]> = new Set(["cohort", "sharing", "retreated"]);
const ELSEWHERE =
  "nothing, where that rollout still runs; where it has ended: npx bluegreen rollout --force-ownership";

/** What a person would do next, mostly a command. `owner`: how it stands with whom the release belongs to. */
export function nextCommand(
  { config, outputs }: Deployed,
  situation: Situation | undefined,
  drift: readonly string[],
  services: Reading<ReadonlyMap<string, ServiceReading>>,
  owner: Standing,
): string {
  if (situation === undefined) return "npx bluegreen status";
  if (situation.kind === "cohort" && situation.release.state === "paused") return NEXT.paused;
  if (situation.kind === "sharing" || situation.kind === "cohort") {
    const next = nextShare(percents(config.rollout.steps), situation.release.weight);
    const isAwaited = next !== undefined && unapproved(config, situation.release).includes(next);
    if (isAwaited) return `npx bluegreen approve --step ${next}`;
  }
  if (situation.kind === "retreated") {
    if (unseenRetreats(situation.release).length > config.rollout.maxRetreats) return NEXT.paused;
  }
  const hasUsers = WITH_USERS.has(situation.kind);
  if (owner === "alive" && ITS_OWN.has(situation.kind)) return hasUsers ? STOPPABLE : AT_WORK;
  if (owner === "elsewhere" && hasUsers) return ELSEWHERE;
  // Everyone has it already; `step` would only write that down, and so does the next deploy.
  if (situation.kind === "firstModel" && switchedManually(config) === "onto") return NEXT.settled;
  if (situation.kind === "starting" || situation.kind === "firstModel") {
    const { running } = outputs.slots[situation.release.slot];
    if (notRunning(runsOf(running, services)) !== undefined) return NEXT.settled;
    if (config.slots[situation.release.slot].minTasks === 0) return NEXT.settled;
  }
  if (situation.kind === "starting") {
    const { release } = situation;
    if (notPassed(release, requestedIn(outputs, release.slot)) !== undefined) return "npx bluegreen test";
  }
  const { running } = outputs.slots[config.activeSlot];
  if (situation.kind === "settled" && notRunning(runsOf(running, services)) !== undefined) {
    return again(config, config.activeSlot);
  }
  const isLeft = (unsettled(config) ?? dueReturned(config)) !== undefined;
  if (situation.kind === "settled" && isLeft) return "npx bluegreen step";
  const fileOnly = situation.kind === "settled" && drift.some((one) => one.startsWith("stack file"));
  return fileOnly ? "npx bluegreen sync" : NEXT[situation.kind];
}

/** How to fix a slot of users that does not run what was requested: no update asks ECS for it anew by the way. */
function again({ slots }: StackConfig, slot: Slot): string {
  const deploy = `${NEXT.settled} (why ${slot} does not run its own: npx bluegreen logs ${slot})`;
  // rotate refuses while nobody could take the users.
  const other = slots[otherSlot(slot)];
  return isEmpty(other) || other.minTasks === 0
    ? deploy
    : `npx bluegreen rotate ${slot}, which asks ECS for it again, or ${deploy}`;
}
