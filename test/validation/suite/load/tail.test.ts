import { describe, expect, test } from "vitest";
import { judge } from "../../../../validation/suite/judge.ts";
import { tailFinding } from "../../../../validation/suite/load/tail.ts";
import { policyOf, randomFrom } from "../support/models.ts";

type Seconds = (place: number, uniform: () => number) => number;
/** Of a machine that has more to do: one answer in thirty takes up to 30 times as long. */
const busy: Seconds = (_, uniform) => 0.003 * (1 + uniform()) * (uniform() < 0.03 ? 30 * uniform() : 1);

/** A first look of so many, and a second. */
async function answerOf(candidate: Seconds, active: Seconds, seed = 1, n = 500) {
  const { uniform } = randomFrom(seed);
  const look = (from: number) =>
    Array.from({ length: n }, (_, place) => {
      return { candidate: candidate(from + place, uniform), active: active(from + place, uniform) };
    });
  const finding = await tailFinding(look(0), async () => look(n));
  const checks = judge([], policyOf(), undefined, finding === undefined ? [] : [finding]);
  return checks.find(({ name }) => name === "latency-tail-vs-active");
}

describe("the answers that are late", () => {
  const steady: Seconds = () => 0.003;
  const spiky =
    (every: number): Seconds =>
    (place) =>
      place % every === 7 ? 0.3 : 0.003;

  test("stop a candidate that has 2 % more of them, and fail one that has 6 %", async () => {
    const { answer, reason } = (await answerOf(spiky(50), steady)) ?? {};
    expect([answer, reason]).toEqual([
      "insufficient",
      "10 of 500 answers take longer than 23 ms, and 0 of the active slot's; asked again, 10 of 500 answers take longer than 23 ms, and 0 of the active slot's, which is too few to prove it",
    ]);
    expect((await answerOf(spiky(16), steady))?.answer).toBe("fail");
    expect((await answerOf(spiky(33), spiky(33)))?.answer).toBe("pass");
  });

  test("of a process that has only begun are told as such", async () => {
    const cold: Seconds = (place) => (place < 60 ? 0.06 : 0.003);
    expect(await answerOf(cold, steady)).toMatchObject({
      answer: "warn",
      reason: expect.stringContaining(
        "all of them among the first 60: a cold start; asked again, 0 of 500 answers",
      ),
    });
  });

  test("in a row count once, and not when they do not come again", async () => {
    const stalled: Seconds = (place) => (place % 100 < 5 ? 0.3 : 0.003);
    expect((await answerOf(stalled, steady))?.answer).toBe("pass");
    const once: Seconds = (place) => (place < 500 && place % 20 === 0 ? 0.3 : 0.003);
    expect((await answerOf(once, steady))?.answer).toBe("pass");
  });

  test("are no fault where nobody sees them", async () => {
    const short: Seconds = (place) => (place % 5 === 0 ? 0.015 : 0.001);
    expect((await answerOf(short, () => 0.001))?.answer).toBe("pass");
  });

  test("of a good candidate on a busy machine stop none of 300", async () => {
    const stopped: unknown[] = [];
    for (let seed = 0; seed < 300; seed += 1) {
      const answer = (await answerOf(busy, busy, seed))?.answer;
      if (answer !== "pass" && answer !== "warn") stopped.push(answer);
    }
    expect(stopped).toEqual([]);
  });

  test("of nobody are none", async () => {
    expect(await tailFinding([], async () => [])).toBeUndefined();
  });
});
