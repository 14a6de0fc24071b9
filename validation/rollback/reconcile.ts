import { isOpen, type Release } from "../../contract/release/release.ts";
import { GATES_TAG, RETREAT_TAG, REVERT_TAG } from "../../contract/route/route-tags.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { showSplit, splitOf } from "../../contract/route/split.ts";
import { bringCohortBack } from "../cohorts/bring-back.ts";
import { readLive, requireDeployed, write } from "../stack/apply.ts";
import { bringInLine, endedRelease, type Followed } from "./bring-in-line.ts";
import { restoreChange, type RolledBackBy } from "../core/changes/changes.ts";
import { situationOf } from "../core/situation.ts";
import { retreatChange } from "../core/changes/retreating.ts";
import { rollBack, type KnownRoute } from "./emergency-write.ts";
import { productionGroups } from "../stack/live-route.ts";
import type { Checked } from "../rollout/check.ts";
import { attempt } from "../reading.ts";
import { raiseReturned } from "./raise-tasks.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "../rollout/step-types.ts";
import { EXIT } from "../outcome.ts";
import type { Deployed } from "../ports.ts";
import { rollbackMark, rollbackWords, type RolledBack } from "./rollback-mark.ts";

const CONFIRM_AFTER_MS = 2_000;
/** So long whoever moved users may take to say why: a tag, which ELB may throttle, comes after them. */
const SAYS_WITHIN_MS = 60_000;
const ASKS_EVERY_MS = 5_000;

/** The verdict is rollback: users go back at once by the emergency write, and Pulumi's state follows. */
export async function rollBackRelease(
  moment: Moment,
  to: Slot,
  checked: Checked,
  situation: StepOutcome["situation"],
): Promise<StepOutcome> {
  return everyoneTo(moment, situation, to, checked.verdict.reasons.join("; "), {
    // A deadline is no verdict about the model: its digest is not refused for it.
    by: checked.verdict.kind === "rollback" && checked.verdict.cause === "deadline" ? "person" : "gates",
    sentence: checked.sentence,
    verdict: checked.verdict,
    comparison: checked.comparison,
    startedWallMs: moment.context.clock.wall(),
  });
}

/** The verdict is retreat: users go back as fast, and the release stays open. */
export async function retreatRelease(
  moment: Moment,
  release: Release,
  checked: Checked,
): Promise<StepOutcome> {
  const { context, deployed, live } = moment;
  const to = otherSlot(release.slot);
  const route = knownRoute(deployed);
  const reason = checked.verdict.reasons.join("; ");
  const atMs = context.clock.now();
  if (live[to] < 100) await rollBack(context, route, to, context.clock.wall());
  const mark = { tag: RETREAT_TAG, releaseId: release.id, atMs, reason } as const;
  const state = await bringInLine(context, route, to, gaveBack(release.id, atMs, reason), mark);
  const own = {
    exitCode: EXIT.done,
    finished: false,
    verdict: checked.verdict,
    comparison: checked.comparison,
  };
  if (state.kind === "inLine") {
    return outcomeOf({ deployed: state.deployed, live: splitOf(to, 0) }, "sharing", {
      ...own,
      sentence: checked.sentence,
    });
  }
  const sentence = `${checked.sentence}; traffic is back, state pending: ${state.why}`;
  return outcomeOf({ deployed, live: splitOf(to, 0) }, "sharing", { ...own, sentence });
}

/** The release stays open without users; nothing to do where it has ended or given them back already. */
const gaveBack = (releaseId: string, atMs: number, reason: string): Followed => ({
  message: `bluegreen: release ${releaseId} gives its users back: ${reason}`,
  change: async ({ config }) => {
    const { release } = config;
    if (!isOpen(release) || release.id !== releaseId || release.weight === 0) return undefined;
    return retreatChange(config, release, atMs, reason);
  },
});

const knownRoute = ({ outputs }: Deployed): KnownRoute => ({
  routeArn: outputs.routeArn,
  groups: productionGroups(outputs),
  stickinessSeconds: outputs.stickinessSeconds,
});

/** Users were rolled back while Pulumi could not be told: they stay where they are, the state follows. */
export async function completeRevert(moment: Moment, to: Slot): Promise<StepOutcome> {
  const { context } = moment;
  const found = await markOf(moment);
  if (found !== undefined) return completeMarked(moment, to, found);
  // Whoever moved them may be about to say why, or to tell Pulumi. They are back already, so this has time.
  const message = `all traffic is back on ${to}, and nobody says why yet: asking for a minute`;
  context.reporter.report({ kind: "note", message });
  const untilMs = context.clock.now() + SAYS_WITHIN_MS;
  let now = moment;
  do {
    await context.clock.sleep(ASKS_EVERY_MS);
    const deployed = await requireDeployed(context);
    const live = await readLive(context, deployed);
    now = { ...moment, deployed, live: live ?? moment.live };
    const situation = situationOf(deployed.config, live);
    if (situation.kind !== "reverted" || situation.to !== to) return lookAgain(now, "reverted");
    const late = await markOf(now);
    if (late !== undefined) return completeMarked(now, to, late);
  } while (context.clock.now() < untilMs);
  const reason = "users were rolled back by an emergency revert";
  return everyoneTo(now, "reverted", to, reason, {
    by: "person",
    sentence: `${reason}; all traffic is on ${to}`,
    verdict: undefined,
    startedWallMs: context.clock.wall(),
  });
}

/** The mark explains what was done already, so the state follows also when it cannot be read. */
async function markOf({ context, deployed }: Moment): Promise<RolledBack | undefined> {
  const mark = await attempt(() => rollbackMark(context, deployed));
  return mark.readable ? mark.value : undefined;
}

async function completeMarked(moment: Moment, to: Slot, found: RolledBack): Promise<StepOutcome> {
  if (found.by === "retreat") return completeRetreat(moment, to, found);
  const words = rollbackWords(found);
  return everyoneTo(moment, "reverted", to, found.by === "gates" ? found.reason : words, {
    // A verdict of the gates refuses the model, whoever tells Pulumi of it.
    by: found.by === "gates" ? "gates" : "person",
    sentence: `${words}; all traffic is on ${to}`,
    verdict: undefined,
    isMarked: true,
    startedWallMs: moment.context.clock.wall(),
  });
}

const lookAgain = (moment: Moment, situation: StepOutcome["situation"]): StepOutcome =>
  outcomeOf(moment, situation, {
    exitCode: EXIT.done,
    sentence: "another process changed the split; looking again",
    finished: false,
  });

async function completeRetreat(
  { context, deployed }: Moment,
  to: Slot,
  found: RolledBack,
): Promise<StepOutcome> {
  const sentence = rollbackWords(found);
  const state = await bringInLine(
    context,
    knownRoute(deployed),
    to,
    gaveBack(found.releaseId, found.atMs, found.reason),
    undefined,
  );
  const pending = state.kind === "inLine" ? "" : `; state pending: ${state.why}`;
  const after = state.kind === "inLine" ? state.deployed : deployed;
  return outcomeOf({ deployed: after, live: splitOf(to, 0) }, "reverted", {
    exitCode: EXIT.done,
    sentence: `${sentence}${pending}`,
    finished: false,
  });
}

async function everyoneTo(
  { context, deployed, live }: Moment,
  situation: StepOutcome["situation"],
  to: Slot,
  reason: string,
  told: Pick<StepOutcome, "sentence" | "verdict" | "comparison"> & {
    readonly by: RolledBackBy;
    readonly startedWallMs: number;
    /** Whether the route says already what was done. */
    readonly isMarked?: boolean;
  },
): Promise<StepOutcome> {
  const route = knownRoute(deployed);
  if (live[to] < 100) await rollBack(context, route, to, told.startedWallMs);
  const { release, split } = deployed.config;
  const mark =
    isOpen(release) && told.isMarked !== true
      ? ({
          tag: told.by === "gates" ? GATES_TAG : REVERT_TAG,
          releaseId: release.id,
          atMs: context.clock.now(),
          reason,
        } as const)
      : undefined;
  const ended = endedRelease(context, to, split, reason, told.by, release?.id);
  const state = await bringInLine(context, route, to, ended, mark);
  const returned =
    state.kind === "inLine"
      ? await raiseReturned(context, state.deployed, to, deployed.config.split)
      : undefined;
  const cohort = returned && (await bringCohortBack(context, returned.deployed));
  const after = cohort?.deployed ?? deployed;
  const pending =
    state.kind === "inLine"
      ? `${returned?.words ?? ""}${cohort?.words ?? ""}`
      : `; traffic is back, state pending: ${state.why}`;
  return outcomeOf({ deployed: after, live: splitOf(to, 0) }, situation, {
    exitCode: EXIT.rolledBack,
    sentence: `${told.sentence}${pending}`,
    finished: true,
    verdict: told.verdict,
    comparison: told.comparison,
  });
}

/**
 * The route gives the candidate more than was ever deployed. It goes back to the deployed split, from where
 * the release goes on. Another process may just be in the middle of its update, so the finding has to hold
 * for a second check.
 */
export async function restoreRoute(moment: Moment, release: Release): Promise<StepOutcome> {
  const { context } = moment;
  await context.clock.sleep(CONFIRM_AFTER_MS);
  const deployed = await requireDeployed(context);
  const live = await readLive(context, deployed);
  const still = situationOf(deployed.config, live).kind === "cutOff";
  if (!still || deployed.config.generation !== moment.deployed.config.generation)
    return lookAgain(moment, "cutOff");
  const wanted = showSplit(deployed.config.split);
  const message = `bluegreen: release ${release.id}: the route goes back to ${wanted}, as deployed`;
  const change = restoreChange(deployed.config);
  const written = await write(context, { change, scope: "route", refresh: true, message });
  if (written.kind !== "shown") return outcomeOf(moment, "cutOff", notWritten(written));
  return outcomeOf({ deployed: written.deployed, live: written.deployed.config.split }, "cutOff", {
    exitCode: EXIT.done,
    sentence: `an update was cut off; the route is back at ${wanted}, as deployed`,
    finished: false,
    agreed: { generation: written.deployed.config.generation, atMs: written.atMs },
  });
}
