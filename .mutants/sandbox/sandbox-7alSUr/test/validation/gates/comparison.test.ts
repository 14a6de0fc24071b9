import { describe, expect, it } from "vitest";
import type { RawMinute } from "../../../validation/core/comparison/data.ts";
import { comparisonGate } from "../../../validation/gates/comparison.ts";
import { sampleRatioGate } from "../../../validation/gates/sample-ratio.ts";
import { raw } from "../core/comparison/support.ts";
import { answer, assessment, look } from "./looks.ts";

describe("the comparison", () => {
  it("fails a candidate that fails one in five, in the second minute, and says both numbers", () => {
    expect(answer(comparisonGate, { minutes: 2, failing: [0.2, 0.005] })).toMatchObject({
      kind: "fail",
      reason: expect.stringMatching(
        /^failed: 24 of 120 requests \(20 %\), 6 of 1080 requests \(0\.56 %\) on blue, at least 3\.4 times as many \(a model as good as blue shows this in fewer than 1 of 100 releases\)$/,
      ),
    });
  });

  it("passes an equal candidate once the smallest detectable failure rate is small enough, and says how bad it still may be", () => {
    expect(answer(comparisonGate, { minutes: 30, failing: [0.0167, 0.0167] })).toMatchObject({
      kind: "pass",
      reason: expect.stringMatching(
        /^nothing speaks against green: 30 of 1800 requests .* failed, 1\.7 % on blue; it may still fail up to [\d.]+ times as often$/,
      ),
    });
  });

  it.each([
    ["is proven by evidence that is just as much as is needed", 60, "pass"],
    ["is not proven by less", 59.999, "noAnswer"],
  ])("%s", (_title, evidence, kind) => {
    const input = look({ minutes: 30 });
    const { comparison } = input.observation;
    if (comparison?.readable !== true) throw new Error("it is compared");
    const value = { ...comparison.value, proof: { ratio: 5, rate: undefined, evidence, needed: 60 } };
    const observation = { ...input.observation, comparison: { readable: true, value } as const };
    expect(comparisonGate({ ...input, observation })[0]?.answer.kind).toBe(kind);
  });

  it("has not seen enough at little traffic, and says how many requests and minutes are missing", () => {
    expect(answer(comparisonGate, { minutes: 5, traffic: 60 })).toMatchObject({
      kind: "noAnswer",
      cause: "tooEarly",
      reason: expect.stringMatching(/20 % wanted; \d+ requests more, \d+ min at this traffic$/),
    });
  });

  it.each([
    [
      "at the begin of a step, while requests flow",
      { traffic: 160, stepFrom: 10 },
      "no whole minute of this step yet",
    ],
    ["without a request", { traffic: 0 }, "no traffic to say how long that takes"],
    ["when only one slot has requests", { traffic: 4 }, "no minute in which both slots had requests"],
    [
      "at a trickle",
      { traffic: 5, policy: { maxBlindSpots: [0.0001] } },
      "at this traffic no week is enough",
    ],
  ])("says %s why it cannot tell how long it takes", (_when, seen, words) => {
    expect(answer(comparisonGate, seen)).toMatchObject({
      cause: "tooEarly",
      reason: expect.stringContaining(words),
    });
  });

  it("has nobody to compare with at 100 %, and says that the alarms alone decide", () => {
    expect(answer(comparisonGate, { share: 100 })).toMatchObject({
      kind: "notApplicable",
      reason: expect.stringContaining("the alarms alone decide"),
    });
  });

  it("still fails at 100 % for what the steps before have shown", () => {
    const before = {
      candidate: raw({ requests: 60, answered: 40, errors: 20 }),
      active: raw({ requests: 540 }),
    };
    expect(answer(comparisonGate, { share: 100, own: (index) => (index < 3 ? before : {}) })?.kind).toBe(
      "fail",
    );
  });

  it("says when what has been seen once was enough, though later minutes speak against it", () => {
    const bad = {
      candidate: raw({ requests: 60, answered: 50, errors: 10 }),
      active: raw({ requests: 540 }),
    };
    const better = {
      candidate: raw({ requests: 60 }),
      active: raw({ requests: 540, answered: 340, errors: 200 }),
    };
    const reason = answer(comparisonGate, { own: (index) => (index < 2 ? bad : better) })?.reason ?? "";
    expect(reason).toMatch(
      /^failed: .* \(a model as good as blue shows this in fewer than 1 of 100 releases, seen by the minute of 1970-01-01T00:0[01]:00.000Z; less speaks against it by now\)$/,
    );
  });

  it("promises no odds where users stay on their slot: one who always fails is no chance", () => {
    const sticky = look({ minutes: 2, failing: [0.2, 0.005] });
    expect(comparisonGate({ ...sticky, sticky: true })[0]?.answer.reason).toMatch(
      /\(e-value [\d.e+]+, threshold 100\)$/,
    );
  });

  it("calls a few failures few, however large their ratio", () => {
    const one = (index: number) =>
      index === 3 ? { candidate: raw({ requests: 60, answered: 56, errors: 4 }) } : {};
    const policy = { advanceWhen: "blindSpot" } as const;
    const reason = answer(comparisonGate, { minutes: 30, failing: [0, 0.002], own: one, policy })?.reason;
    expect(reason).toContain("4 failures are too few to tell");
  });

  it("is not fooled by an incident that hits both slots", () => {
    const incident = (index: number): Partial<RawMinute> =>
      index > 3 && index < 15
        ? {
            candidate: raw({ requests: 60, answered: 45, errors: 15 }),
            active: raw({ requests: 540, answered: 405, errors: 135 }),
          }
        : {};
    expect(answer(comparisonGate, { minutes: 60, own: incident })?.kind).toBe("pass");
  });

  const moreThanRequests = (minutes: readonly number[]) => (index: number) =>
    minutes.includes(index) ? { candidate: raw({ requests: 60, answered: 0, errors: 61 }) } : {};

  it("has no answer while CloudWatch counts more events than requests: one may be of the minute before", () => {
    expect(answer(comparisonGate, { minutes: 30, own: moreThanRequests([28]) })?.kind).toBe("noAnswer");
  });

  it("gives the users back while that lasts, because nobody can judge the candidate", () => {
    const seen = assessment(comparisonGate, { minutes: 30, own: moreThanRequests([26, 27, 28]) });
    expect(seen).toMatchObject({ onFail: "retreat", answer: { kind: "fail" } });
  });

  it("gives the users back on evidence that does not end a release, and says what would", () => {
    const some = (index: number) =>
      [26, 27].includes(index) ? { candidate: raw({ requests: 60, answered: 55, errors: 5 }) } : {};
    const seen = assessment(comparisonGate, { minutes: 30, own: some });
    expect(seen).toMatchObject({ onFail: "retreat", answer: { kind: "fail" } });
    expect(seen?.answer.reason).toMatch(
      /^failed: \d+ of 1800 requests .*\(in doubt: e-value .* 20 gives users back, 100 ends the release/,
    );
  });

  it("wants a proof where the policy does", () => {
    const proven = { advanceWhen: "proven" } as const;
    const few = { minutes: 12, failing: [0, 0], policy: proven } as const;
    expect(answer(comparisonGate, few)).toMatchObject({ reason: expect.stringContaining("not proven") });
    const many = { minutes: 120, traffic: 6000, failing: [0.005, 0.005], policy: proven } as const;
    expect(answer(comparisonGate, many)?.kind).toBe("pass");
  });

  it("refuses a digest that the gates rolled back before, whatever the counts say", () => {
    expect(answer(comparisonGate, { share: 0, refused: "error-rate was 0.2" })).toMatchObject({
      kind: "fail",
      reason: expect.stringContaining("deploy --reset-analysis"),
    });
  });
});

describe("the sample ratio", () => {
  const half = () => ({ candidate: raw({ requests: 30 }), active: raw({ requests: 570 }) });

  it("holds a release whose users do not come", () => {
    expect(answer(sampleRatioGate, { minutes: 30, own: half })).toMatchObject({
      kind: "noAnswer",
      cause: "unreadable",
    });
  });

  it("is only told where users stay on their slot", () => {
    expect(answer(sampleRatioGate, { minutes: 30, own: half, sticky: true })?.kind).toBe("notApplicable");
  });
});
