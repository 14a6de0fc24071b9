import { tasksForShare } from "../../../contract/release/follow-share.ts";
import { percents } from "../../../contract/config/steps.ts";
import { isExternal } from "../../../contract/config/model-service.ts";
import { isEmpty, type StackConfig } from "../../../contract/config/stack-config.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";
import { settledSlot } from "./settling.ts";

const HOUR_MS = 3_600_000;

/** What the standby of the last promotion is to be left, and from when on, epoch ms. */
export interface Rest {
  readonly slot: Slot;
  readonly own: number;
  readonly tasks: number;
  readonly fromMs: number;
}

/** undefined: it stays warm, rests already, or a person has asked for another number since it did. */
export function restOf(config: StackConfig): Rest | undefined {
  const { release, activeSlot, slots, rollout } = config;
  const slot = otherSlot(activeSlot);
  const { standby, steps, headroomPercent, keepStandbyHours } = rollout;
  const isPromoted = release?.state === "promoted" && release.slot === activeSlot;
  if (standby === "warm" || !isPromoted || release.rested !== undefined || isEmpty(slots[slot]))
    return undefined;
  // The standby of a slot that something else fills is as warm as its owner keeps it.
  if (isExternal(config, slot)) return undefined;
  const own = slots[slot].minTasks;
  const everyone = slots[activeSlot].minTasks;
  const first = percents(steps)[0] ?? 100;
  const tasks = standby === "cold" ? 0 : tasksForShare(everyone, first, headroomPercent);
  if (tasks >= own) return undefined;
  return { slot, own, tasks, fromMs: Date.parse(release.stepSince) + keepStandbyHours * HOUR_MS };
}

/** The standby with fewer tasks at least; the release remembers its model's own number. */
export function restChange(
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  { slot, own, tasks }: Rest,
): KeyChange {
  const { release } = config;
  return nextGeneration(config, {
    ...settledSlot(raw, { slot, own: tasks }),
    release: { ...release, rested: { own, raised: tasks } },
  });
}
