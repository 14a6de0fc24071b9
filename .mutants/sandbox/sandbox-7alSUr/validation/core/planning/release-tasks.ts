import { tasksForShare } from "../../../contract/release/follow-share.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { percents } from "../../../contract/config/steps.ts";

/** What a candidate's tasks come to from its first users until it has everyone. */
export interface ReleaseTasks {
  readonly capacity: RolloutPolicy["capacity"];
  /** Tasks that serve everyone. */
  readonly everyone: number;
  /** Shares below 100 %, each with its tasks as the policy has it. */
  readonly steps: readonly { readonly share: number; readonly tasks: number }[];
  readonly taskHours: number;
  /** With `rollout.capacity` `share`, and with `full`. Tasks that start for the next share are not in it. */
  readonly hoursOf: Readonly<Record<RolloutPolicy["capacity"], number>>;
}

/** `minutesAt`: how long a share lasts. */
export function releaseTasks(
  { capacity, headroomPercent, steps }: Pick<RolloutPolicy, "capacity" | "headroomPercent" | "steps">,
  everyone: number,
  minutesAt: (share: number) => number,
): ReleaseTasks {
  const shares = percents(steps).filter((share) => share < 100);
  const tasksOf = {
    full: () => everyone,
    share: (share: number) => tasksForShare(everyone, share, headroomPercent),
  };
  const hours = (tasks: (share: number) => number) =>
    shares.reduce((sum, share) => sum + (tasks(share) * minutesAt(share)) / 60, 0);
  const hoursOf = { full: hours(tasksOf.full), share: hours(tasksOf.share) };
  return {
    capacity,
    everyone,
    steps: shares.map((share) => ({ share, tasks: tasksOf[capacity](share) })),
    taskHours: hoursOf[capacity],
    hoursOf,
  };
}

/** undefined: the candidate has everyone with its first share. */
export function releaseTasksWords({ capacity, everyone, steps, hoursOf }: ReleaseTasks): string | undefined {
  if (steps.length === 0 || everyone === 0) return undefined;
  const { full, share } = hoursOf;
  const hours = (value: number) => value.toFixed(1);
  const saved = full === 0 ? 0 : Math.round(100 * (1 - share / full));
  if (capacity === "full") {
    const alternative =
      saved === 0
        ? ""
        : `; with rollout.capacity share ${hours(share)}, ${saved} % less, beside the tasks that start`;
    return `until everyone is on it a candidate has ${everyone === 1 ? "1 task" : `${everyone} tasks`}, ${hours(full)} task-hours${alternative}`;
  }
  const each = steps.map((step) => `${step.tasks} for ${step.share} %`).join(", ");
  return `until everyone is on it a candidate has ${each} of ${everyone} tasks, ${hours(share)} task-hours beside those that start for the next share; with rollout.capacity full ${hours(full)}`;
}
