import { describe, expect, test } from "vitest";
import { judge } from "../../../../validation/suite/judge.ts";
import { tailFinding } from "../../../../validation/suite/load/tail.ts";
import { policyOf, randomFrom } from "../support/models.ts";

type Seconds = (place: number, uniform: () => number) => number;
/** Of a machine that has more to do: one answer in thirty takes up to 30 times as long. */
const busy: Seconds = (_, uniform) => 0.003 * (1 + uniform()) * (uniform() < 0.03 ? 30 * uniform() : 1);

function answerOf(candidate: Seconds, active: Seconds, seed = 1, n = 500) {
  const { uniform } = randomFrom(seed);
  const finding = tailFinding(
    Array.from({ length: n }, (_, place) => {
      return { candidate: candidate(place, uniform), active: active(place, uniform) };
    }),
  );
  const checks = judge([], policyOf(), undefined, finding === undefined ? [] : [finding]);
  return checks.find(({ name }) => name === "latency-tail-vs-active");
}

describe("the answers that are late", () => {
  test("stop a candidate that has 3 % more of them, and fail one that has 6 %", () => {
    const steady: Seconds = () => 0.003;
    const spiky =
      (every: number): Seconds =>
      (place) =>
        place % every === 7 ? 0.3 : 0.003;
    expect(answerOf(spiky(33), steady)).toMatchObject({
      answer: "insufficient",
      reason:
        "15 of 500 answers take longer than 23 ms, and 0 of the active slot's, which is too few to prove it",
    });
    expect(answerOf(spiky(16), steady)?.answer).toBe("fail");
    expect(answerOf(spiky(33), spiky(33))?.answer).toBe("pass");
  });

  test("of a process that has only begun are told as such", () => {
    const cold: Seconds = (place) => (place < 60 ? 0.06 : 0.003);
    expect(answerOf(cold, () => 0.003)).toMatchObject({
      answer: "fail",
      reason:
        "60 of 500 answers take longer than 23 ms, all of them among the first 60, and 0 of the active slot's",
    });
  });

  test("are no fault where nobody sees them", () => {
    const spiky: Seconds = (place) => (place % 5 === 0 ? 0.015 : 0.001);
    expect(answerOf(spiky, () => 0.001)?.answer).toBe("pass");
  });

  test("of a good candidate on a busy machine stop none of 300", () => {
    const stopped = Array.from({ length: 300 }, (_, seed) => answerOf(busy, busy, seed)?.answer).filter(
      (answer) => answer !== "pass" && answer !== "warn",
    );
    expect(stopped).toEqual([]);
  });

  test("of nobody are none", () => {
    expect(tailFinding([])).toBeUndefined();
  });
});
