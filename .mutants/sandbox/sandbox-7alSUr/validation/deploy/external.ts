import type { RunningSlot } from "../../contract/names/outputs.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import type { Slot } from "../../contract/slot.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

/** Slots that something else fills: the stack has their target groups, and whoever runs the model registers the targets. */

const LOOK_EVERY_MS = 3_000;

/** The target groups that serve a slot. Without a test token there are no test rules, and nobody fills the test group. */
const groupsOf = ({ config, outputs }: Deployed, slot: Slot): readonly string[] => {
  const { targetGroupArn, testTargetGroupArn } = outputs.slots[slot];
  return config.testTokens.length > 0 ? [targetGroupArn, testTargetGroupArn] : [targetGroupArn];
};

/** When to give up; both must be over. */
export interface Patience {
  /** Epoch ms of the cloud's clock, and of the machine's. */
  readonly untilMs: number;
  readonly untilWallMs: number;
}

/** Waits until so many targets as were promised are healthy in all of the slot's target groups; answers with how many. */
export async function untilFilled(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  { minTasks: needed }: RunningSlot,
  { untilMs, untilWallMs }: Patience,
): Promise<number> {
  const { clock, reporter, health } = context;
  const groups = groupsOf(deployed, slot);
  reporter.report({ kind: "note", message: `something else fills ${slot}: ${groups.join(" and ")}` });
  for (;;) {
    const seen = await attempt(() => Promise.all(groups.map((group) => health.targets(group))));
    if (seen.readable) {
      const healthy = Math.min(...seen.value.map((counts) => counts.healthy));
      const isFailing = seen.value.some(({ unhealthy }) => unhealthy > 0);
      const found = isFailing
        ? await attempt(() => Promise.all(groups.map((group) => health.failedChecks(group))))
        : undefined;
      const checks = found?.readable ? [...new Set(found.value.flat())] : [];
      reporter.report({ kind: "preparing", slot, healthy, needed, rolloutState: undefined, checks });
      if (healthy >= needed) return healthy;
    } else {
      reporter.report({ kind: "note", message: `${slot} could not be looked at: ${seen.why}` });
    }
    if (clock.now() >= untilMs && clock.wall() >= untilWallMs) {
      throw new UserError("BG351", seen.readable ? counted(slot, groups, seen.value, needed) : seen.why);
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function counted(
  slot: Slot,
  groups: readonly string[],
  counts: readonly { readonly healthy: number; readonly unhealthy: number; readonly initial: number }[],
  needed: number,
): string {
  const words = counts.map(
    ({ healthy, unhealthy, initial }, index) =>
      `${healthy} healthy, ${unhealthy} unhealthy, ${initial} starting in ${groups[index]}`,
  );
  return `${slot} needs ${needed}: ${words.join("; ")}.`;
}

/**
 * Refuses tasks of ECS on a slot in which something else has still targets: users would get both models. Throws
 * UserError; what cannot be read throws, too.
 */
export async function refuseLeftTargets(context: Context, deployed: Deployed, slot: Slot): Promise<void> {
  const { running } = deployed.outputs.slots[slot];
  if (running === undefined || isOnEcs(running)) return;
  const left = await registered(context, deployed, slot);
  if (left > 0) throw new UserError("BG352", `${slot} has ${left}.`);
}

/** Targets of a slot that are registered, those that leave apart; in the group that has most of them. */
export async function registered({ health }: Context, deployed: Deployed, slot: Slot): Promise<number> {
  const { targetGroupArn, testTargetGroupArn } = deployed.outputs.slots[slot];
  const counts = await Promise.all([targetGroupArn, testTargetGroupArn].map((arn) => health.targets(arn)));
  return Math.max(
    ...counts.map(({ healthy, unhealthy, initial, other }) => healthy + unhealthy + initial + other),
  );
}

/** For verbs that are about tasks of the stack. */
export const filledBySomethingElse = (slots: readonly Slot[]) =>
  new UserError("BG353", `That is so of ${slots.join(" and ")}.`);
