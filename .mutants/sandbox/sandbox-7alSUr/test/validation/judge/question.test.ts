import { expect, it } from "vitest";
import { ACTIVE, CANDIDATE } from "../../../tools/bench/judge/pair-world.ts";
import { readQuestion } from "../../../validation/judge/question.ts";

const read = (more: object) => readQuestion({ candidate: CANDIDATE, active: ACTIVE, ...more });

it("takes numbers as text, as templates of other tools write them", () => {
  const { share, deadlineMinutes, sticky, policy } = read({
    share: "12.5",
    deadlineMinutes: "90",
    sticky: "true",
    policy: { minRequests: "500", steps: [10, 50] },
  });
  expect({ share, deadlineMinutes, sticky }).toEqual({ share: 12.5, deadlineMinutes: 90, sticky: true });
  expect(policy).toMatchObject({ minRequests: 500, steps: [10, 50], alpha: 0.01, atDeadline: "hold" });
});

it.each([
  [{ candidate: { LoadBalancer: "shop" } }, /candidate\.LoadBalancer is "shop"; allowed: app\/<name>\/<id>/],
  [{ since: "yesterday" }, /since/],
  [{ share: 101 }, /share/],
  [{ weight: 10 }, /weight/],
  [{ policy: { atDeadline: "revert" } }, /policy\.atDeadline: unknown; there is steps/],
  [{ policy: { alpha: 3 } }, /policy\.alpha is 3; allowed:/],
  [{ policy: { steps: [] } }, /policy\.steps names no share/],
  [{ active: CANDIDATE }, /one target group/],
])("refuses %j, and says what is allowed", (more, message) => {
  expect(() => read(more)).toThrow(
    expect.objectContaining({ code: "BG205", message: expect.stringMatching(message) }),
  );
});
