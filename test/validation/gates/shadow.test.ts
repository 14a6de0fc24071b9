import { describe, expect, test } from "vitest";
import { rolloutFields, type RolloutPolicy } from "../../../contract/config/sections.ts";
import { shadowField, type ShadowStep } from "../../../contract/config/shadow-policy.ts";
import type { Reading } from "../../../validation/core/observation.ts";
import type { LiveShadow, ShadowCounts } from "../../../validation/core/signals/live-shadow.ts";
import { shadowGate } from "../../../validation/gates/shadow.ts";
import { judge, LIVE, MINUTE } from "./judging.ts";

const QUIET = { selfDisagreed: 0, bothDisagreed: 0, failed: 0, bothFailed: 0, dropped: 0 };

/** So many equal minutes of the agent's counts; `pairs` are requests that both have answered. */
function counted(minutes: number, of: Partial<ShadowCounts> & { pairs: number }): Reading<LiveShadow> {
  const one = { ...QUIET, disagreed: 0, requests: of.pairs, sampled: of.pairs, ...of };
  return {
    readable: true,
    value: {
      kind: "counted",
      sinceMs: LIVE,
      untilMs: LIVE + minutes * MINUTE,
      minutes: Array.from({ length: minutes }, (_, at) => ({ ...one, atMs: LIVE + at * MINUTE })),
    },
  };
}

function asked(shadow: Reading<LiveShadow> | undefined, step: Partial<ShadowStep> | undefined = {}) {
  return judge(({ observation, policy, ...others }) => {
    const read = shadowField.read(step)?.value;
    const own: RolloutPolicy = { ...policy, shadow: read, alpha: rolloutFields.alpha.default };
    return shadowGate({ ...others, observation: { ...observation, shadow }, policy: own });
  }, {});
}
const answer = (...given: Parameters<typeof asked>) => {
  const [one] = asked(...given);
  if (one === undefined) throw new Error("nothing was asked");
  const { answer: said } = one;
  return { ...said, kind: said.kind === "noAnswer" ? said.cause : said.kind };
};

describe("the shadow of a candidate without users", () => {
  test("is asked for by the policy alone, and speaks against nobody who has users", () => {
    expect(judge(shadowGate, {})).toEqual([]);
    expect(asked(undefined)).toEqual([]);
  });

  test("waits for as many pairs and minutes as are wanted, both of them", () => {
    const few = answer(counted(10, { pairs: 100 }));
    expect(few).toMatchObject({ kind: "tooEarly", evidence: { pairs: 1000 } });
    expect(few.reason).toMatch(
      /^shadow: 1000 of 3000 pairs since 2026-01-01T00:00:00.000Z; green answers 0 % of 1000 requests/,
    );
    expect(answer(counted(10, { pairs: 400 }), { minutes: 60 }).reason).toContain("10 of 60 minutes");
    expect(answer(counted(60, { pairs: 100 }), { minutes: 60 }).kind).toBe("pass");
  });

  test("of a model that answers alike passes, with its numbers", () => {
    const same = answer(counted(10, { pairs: 400, disagreed: 4, selfDisagreed: 4, bothDisagreed: 2 }));
    expect(same).toMatchObject({
      kind: "pass",
      evidence: { pairs: 4000, candidateDiffers: 0.01, activeDiffers: 0.01, candidateFailed: 0 },
    });
    expect(same.reason).toContain("green answers 1 % of 4000 requests otherwise than blue, blue itself 1 %");
    expect(same.reason).toContain("green gave an answer to all");
  });

  test("tells how often it takes clearly longer, and neither holds nor passes for that", () => {
    const slow = counted(10, { pairs: 400, slower: 40, faster: 1 });
    const told = answer(slow, { action: "hold" });
    expect(told).toMatchObject({ kind: "pass", evidence: { candidateSlower: 400, activeSlower: 10 } });
    expect(told.reason).toContain(
      "green took clearly longer in 400 of 4000, blue in 10 when asked again, which is more than chance",
    );
    const alike = answer(counted(10, { pairs: 400, slower: 2, faster: 2 })).reason;
    expect(alike).toMatch(/green took clearly longer in 20 of 4000, blue in 20 when asked again$/);
    expect(answer(counted(10, { pairs: 400, slower: 0, faster: 0 })).reason).toMatch(
      /; neither took clearly longer$/,
    );
    const contradicting = counted(10, { pairs: 400, slower: 300, faster: 200 });
    expect(answer(contradicting).kind).toBe("unreadable");
  });

  test("says so where the agent does not count how long answers take", () => {
    const told = answer(counted(10, { pairs: 400 }));
    expect(told.reason).toMatch(/; how long answers took was not counted$/);
    expect(told.evidence).not.toHaveProperty("latencyEvidence");
  });

  test("of one that differs holds where that is said to hold, before all pairs are there, and else is told", () => {
    const differing = counted(5, { pairs: 100, disagreed: 30, selfDisagreed: 1, bothDisagreed: 1 });
    const [held] = asked(differing, { action: "hold" });
    expect(held).toMatchObject({ gate: "shadow", onFail: "hold", answer: { kind: "fail" } });
    expect(held?.answer.reason).toContain("29 points more");
    expect(held?.answer.reason).toContain("pulumi config set --path rollout.shadow.action report");
    expect(answer(differing, { action: "hold", allowedDisagreement: 0.4, pairs: 500 }).kind).toBe("pass");
    expect(answer(differing).kind).toBe("tooEarly");
    expect(answer(differing, { pairs: 500 })).toMatchObject({ kind: "pass" });
    expect(answer(differing, { pairs: 500 }).reason).toContain(
      "it differs more than the active model from itself",
    );
  });

  test("of one that fails more often than the active model when asked again holds, too, but not of one that fails with it", () => {
    const failing = counted(5, { requests: 100, pairs: 80, failed: 20 });
    expect(answer(failing, { action: "hold" })).toMatchObject({
      kind: "fail",
      evidence: { candidateFailed: 100 },
    });
    expect(answer(failing, { action: "hold" }).reason).toContain("which is more than chance");
    // Requests that neither answered, and as many that one alone did not.
    const both = counted(5, { requests: 100, pairs: 76, failed: 22, bothFailed: 20 });
    expect(answer(both, { action: "hold", pairs: 300 })).toMatchObject({
      kind: "pass",
      evidence: { candidateFailed: 110, activeFailed: 110 },
    });
  });

  test.each([
    [
      "more answers of both that differ than of one",
      { pairs: 100, disagreed: 1, bothDisagreed: 2, selfDisagreed: 2 },
    ],
    ["more pairs than requests", { pairs: 100, requests: 99 }],
  ])("says nothing where its counts contradict each other: %s", (_title, minute) => {
    expect(answer(counted(40, minute), { action: "hold" })).toMatchObject({ kind: "unreadable" });
  });

  test("says nothing of counts that could not be read, and of a model that was deployed without it", () => {
    expect(answer({ readable: false, why: "throttled" })).toMatchObject({ kind: "unreadable" });
    const without = answer({ readable: true, value: { kind: "none" } });
    expect(without.kind).toBe("unreadable");
    expect(without.reason).toContain("blue was deployed without service.agent.shadow");
    expect(without.reason).toContain("npx bluegreen replay-requests");
    expect(answer({ readable: true, value: { kind: "deploying" } }).kind).toBe("tooEarly");
  });

  test("that nobody feeds waits, and says after a while where to look", () => {
    expect(answer(counted(2, { pairs: 0 })).reason).toBe(
      "shadow: 0 of 3000 pairs since 2026-01-01T00:00:00.000Z",
    );
    const never = answer(counted(30, { pairs: 0 }), { minutes: 10 });
    expect(never.kind).toBe("tooEarly");
    expect(never.reason).toContain("npx bluegreen logs blue");
    expect(answer(counted(30, { pairs: 0, requests: 5, failed: 5, sampled: 9 })).reason).toContain(
      "none of 150 requests was answered by both",
    );
    expect(answer(counted(30, { pairs: 0, sampled: 9 })).reason).toContain(
      "none was asked of the candidate, or blue refused each when it was asked again (npx bluegreen logs blue)",
    );
  });
});

describe("rollout.shadow", () => {
  test.each([
    [{ pears: 1 }],
    [{ pairs: 0 }],
    [{ minutes: -1 }],
    [{ allowedDisagreement: 0.6 }],
    [{ action: "rollback" }],
    [true],
  ])("refuses %j", (raw) => expect(shadowField.read(raw)).toBeUndefined());
  test("takes what Pulumi stores of decimals, and has a default for each member", () => {
    expect(shadowField.read({ allowedDisagreement: "0.02" })?.value).toEqual({
      pairs: 3000,
      minutes: 0,
      allowedDisagreement: 0.02,
      repeats: 1,
      action: "report",
    });
  });
});
