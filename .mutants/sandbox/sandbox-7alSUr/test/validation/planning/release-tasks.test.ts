import { expect, test } from "vitest";
import { releaseTasks, releaseTasksWords } from "../../../validation/core/planning/release-tasks.ts";

const POLICY = { headroomPercent: 20, steps: [10, 25, 50, 100] } as const;
/** The step of 50 % lasts longest. */
const minutesAt = (share: number) => (share === 50 ? 60 : 30);

test("what a candidate's tasks come to is said both ways, and 100 % is no part of it", () => {
  const share = releaseTasks({ ...POLICY, capacity: "share" }, 20, minutesAt);
  // (3 × 30 + 6 × 30 + 12 × 60) / 60 minutes, of 20 tasks for 120.
  expect(share).toMatchObject({ taskHours: 16.5, hoursOf: { full: 40, share: 16.5 } });
  expect(releaseTasksWords(share)).toBe(
    "until everyone is on it a candidate has 3 for 10 %, 6 for 25 %, 12 for 50 % of 20 tasks, 16.5 task-hours beside those that start for the next share; with rollout.capacity full 40.0",
  );
  const full = releaseTasks({ ...POLICY, capacity: "full" }, 20, minutesAt);
  expect(full).toMatchObject({ taskHours: 40, steps: [{ tasks: 20 }, { tasks: 20 }, { tasks: 20 }] });
  expect(releaseTasksWords(full)).toBe(
    "until everyone is on it a candidate has 20 tasks, 40.0 task-hours; with rollout.capacity share 16.5, 59 % less, beside the tasks that start",
  );
});

test("nothing is said where the first share is everyone, or nobody is served yet, and no saving where there is none", () => {
  expect(releaseTasksWords(releaseTasks({ ...POLICY, capacity: "share", steps: [100] }, 20, minutesAt))).toBe(
    undefined,
  );
  expect(releaseTasksWords(releaseTasks({ ...POLICY, capacity: "share" }, 0, minutesAt))).toBe(undefined);
  const one = releaseTasks({ ...POLICY, capacity: "full" }, 1, minutesAt);
  expect(releaseTasksWords(one)).toBe("until everyone is on it a candidate has 1 task, 2.0 task-hours");
});
