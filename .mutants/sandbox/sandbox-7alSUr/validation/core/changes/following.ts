import { tasksForShare } from "../../../contract/release/follow-share.ts";
import type { Release } from "../../../contract/release/release.ts";
import { otherSlot, type PerSlot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";
import { raisedSlot } from "./settling.ts";
import { iso } from "../iso.ts";

/** Whether a candidate gets its tasks step by step, as its deploy has settled it. */
export const follows = ({ prepared }: Release): boolean => prepared?.forPercent !== undefined;

/** Whether its greatest number is still the one that took the tasks of the former model away. */
const isCapped = ({ slots }: StackConfig, { slot, prepared }: Release): boolean =>
  prepared?.max !== undefined && slots[slot].maxTasks < prepared.max;

/**
 * The least number of tasks that a candidate is to get before this share, in percent; undefined: it has enough, or its
 * tasks do not follow the share. `desired`: how many ECS is to run on each slot now, minimum and scaling together.
 *
 * What serves everyone is the number of the active slot, which keeps the tasks of before the release: scaling has set
 * it by the users, so no metric is asked. A candidate that needs more tasks for a request than the active slot, or users
 * who have become more, show by what scaling has added to it: that grows with its share.
 */
export function tasksDue(
  config: StackConfig,
  release: Release,
  percent: number,
  desired: PerSlot<number>,
): number | undefined {
  const { slots, split, rollout } = config;
  const { slot } = release;
  const active = otherSlot(slot);
  if (!follows(release) || config.activeSlot !== active) return undefined;
  const everyone = Math.max(desired[active], slots[active].minTasks);
  // A policy that was changed since the deploy: all that it will need, at once.
  const ofPolicy =
    rollout.capacity === "share" ? tasksForShare(everyone, percent, rollout.headroomPercent) : everyone;
  const { minTasks, maxTasks } = slots[slot];
  // Once for each share: tasks that load a model are busy, too, and scaling may answer that with more of them.
  const isGiven = (release.prepared?.forPercent ?? 100) >= percent;
  const isScaled = !isGiven && desired[slot] > minTasks && split[slot] > 0;
  const ofScaling = isScaled ? Math.ceil((desired[slot] * percent) / split[slot]) : 0;
  const needs = Math.max(ofPolicy, Math.min(ofScaling, maxTasks));
  // No minimum below what runs: what scaling, or a schedule of a person's own, has asked for stays.
  return needs > minTasks || isCapped(config, release) ? Math.max(needs, minTasks, desired[slot]) : undefined;
}

/** The candidate with so many tasks at least; its share, and since when it is live, stay. */
export function tasksChange(
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  release: Release,
  tasks: number,
  at: { readonly percent: number; readonly liveSinceMs: number; readonly readyMs: number },
): KeyChange {
  const { slot, prepared, deadline, state } = release;
  const own = prepared?.own ?? tasks;
  const isRunning = state !== "deployed";
  // Tasks that start late are not the candidate's lack of evidence: the step's time is longer where it is nearly over.
  const isNear = isRunning && Date.parse(deadline) < at.readyMs;
  return nextGeneration(config, {
    [slot]: raisedSlot(config, raw, slot, tasks, prepared?.max),
    release: {
      ...release,
      prepared: { own, raised: tasks, forPercent: at.percent },
      ...(isRunning ? { liveSince: iso(at.liveSinceMs) } : {}),
      ...(isNear ? { deadline: iso(at.readyMs) } : {}),
    } satisfies Release,
  });
}
