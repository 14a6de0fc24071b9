import { describe, expect, test } from "vitest";
import { tasksForShare } from "../../contract/release/follow-share.ts";

describe("the tasks that a share needs", () => {
  test("are those of everyone in proportion, with headroom, rounded up, and at least one", () => {
    expect([10, 25, 50, 100].map((share) => tasksForShare(20, share, 20))).toEqual([3, 6, 12, 20]);
    expect([10, 25, 50, 100].map((share) => tasksForShare(4, share, 20))).toEqual([1, 2, 3, 4]);
    expect(tasksForShare(1, 1, 0)).toBe(1);
    expect(tasksForShare(3, 100, 0)).toBe(3);
  });

  test("are never rounded up by a fraction that only the arithmetic has", () => {
    const wrong: string[] = [];
    for (let everyone = 1; everyone <= 500; everyone += 1)
      for (let share = 1; share <= 100; share += 1) {
        const tasks = tasksForShare(everyone, share, 20);
        // In ten-thousandths of a task.
        const needed = Math.min(everyone * 10_000, everyone * share * 120);
        const isLeast = tasks === 1 || (tasks - 1) * 10_000 < needed;
        if (tasks * 10_000 < needed || !isLeast) wrong.push(`${everyone} at ${share} %: ${tasks}`);
      }
    expect(wrong).toEqual([]);
  });

  test("are never more than serve everyone, however much headroom there is", () => {
    expect(tasksForShare(20, 95, 20)).toBe(20);
    expect(tasksForShare(20, 50, 300)).toBe(20);
  });
});
