import { weightKey } from "../../../contract/slot.ts";
import type { Release } from "../../../contract/release/release.ts";
import { resumeShare, type Retreat } from "../../../contract/release/retreat.ts";
import { deadlineMinutesAt } from "../../../contract/release/schedule.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { percents } from "../../../contract/config/steps.ts";
import { closedComparison, nextGeneration, type KeyChange } from "./changes.ts";
import { iso } from "../iso.ts";

/** Retreats that nobody has looked at yet: a person who resumes has. */
export const unseenRetreats = ({ retreats }: Release): readonly Retreat[] =>
  retreats.filter(({ seen }) => seen !== true);

/** When and where a retreated release goes on by itself; undefined: it has not retreated, or has users again. */
export function resumption(
  { rollout }: StackConfig,
  { weight, retreats }: Release,
): { readonly to: number; readonly atMs: number } | undefined {
  const last = retreats.at(-1);
  if (last === undefined || weight > 0) return undefined;
  const waitMs = last.seen === true ? 0 : rollout.retreatMinutes * 60_000;
  return { to: resumeShare(percents(rollout.steps), last.from), atMs: Date.parse(last.at) + waitMs };
}

/** No traffic shifted; the release stays open, and its comparison goes on when it has users again. */
export function retreatChange(
  config: StackConfig,
  release: Release,
  nowMs: number,
  reason: string,
): KeyChange {
  const { rollout } = config;
  const to = resumeShare(percents(rollout.steps), release.weight);
  const schedule = release.compared?.schedule;
  const minutes = rollout.retreatMinutes + deadlineMinutesAt({ ...rollout, schedule }, to);
  return nextGeneration(config, {
    [weightKey(release.slot)]: 0,
    release: {
      ...release,
      weight: 0,
      stepSince: iso(nowMs),
      deadline: iso(nowMs + minutes * 60_000),
      liveSince: "",
      ...closedComparison(release, nowMs),
      retreats: [...release.retreats, { at: iso(nowMs), from: release.weight, reason }],
      reason,
    } satisfies Release,
  });
}

/** A person has looked at its retreats: it goes on as soon as it is ready, and has all its tries again. */
export function tryAgainChange(config: StackConfig, release: Release): KeyChange {
  const retreats = release.retreats.map((one): Retreat => ({ ...one, seen: true }));
  return nextGeneration(config, {
    release: { ...release, state: "running", retreats, reason: "" } satisfies Release,
  });
}
