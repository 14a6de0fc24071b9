import { describe, expect, it } from "vitest";
import { rolloutFields, thresholdFields } from "../../../contract/config/sections.ts";
import type { Gate } from "../../../validation/core/assessment.ts";
import { remembered, type RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";
import type { Observation } from "../../../validation/core/observation.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { comparisonGate } from "../../../validation/gates/comparison.ts";
import { sampleRatioGate } from "../../../validation/gates/sample-ratio.ts";
import { HISTORY_MINUTES, MINUTE, raw, twoZones } from "../core/comparison/support.ts";

const defaults = (fields: object) =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));
// The defaults of the contract's own fields, so they have the contract's types.
const POLICY = defaults(rolloutFields) as JudgementInput["policy"];
const THRESHOLDS = defaults(thresholdFields) as Parameters<Gate>[0]["thresholds"];

interface Seen {
  readonly minutes?: number;
  readonly share?: number;
  /** Requests a minute on both slots together. */
  readonly traffic?: number;
  /** Failing requests of the candidate and of the active slot, 0 to 1. */
  readonly failing?: readonly [number, number];
  readonly policy?: Partial<JudgementInput["policy"]>;
  readonly sticky?: boolean;
  readonly refused?: string;
  /** Since how many minutes the step has its share; undefined: since the first. */
  readonly stepFrom?: number;
  readonly own?: (index: number) => Partial<RawMinute>;
  /** The active slot before the release, in two zones: failing requests of 270 in each minute. */
  readonly history?: (minute: number, zone: number) => number;
}

function look({
  minutes = 10,
  share = 10,
  traffic = 600,
  failing = [0, 0],
  ...seen
}: Seen): Parameters<Gate>[0] {
  const policy = { ...POLICY, ...seen.policy };
  const arm = (part: number, rate: number) => {
    const requests = Math.round(traffic * part);
    const errors = Math.round(requests * rate);
    return raw({ requests, answered: requests - errors, errors });
  };
  const data = {
    minutes: Array.from({ length: minutes }, (_, index): RawMinute => ({
      atMs: index * MINUTE,
      candidate: arm(share / 100, failing[0]),
      active: arm(1 - share / 100, failing[1]),
      ...seen.own?.(index),
    })),
    slowThresholds: [],
    customMetrics: [],
    signals: [],
    zones: twoZones(seen.history),
    zonesFromMs: -HISTORY_MINUTES * MINUTE,
    historyMinutes: seen.history === undefined ? 0 : HISTORY_MINUTES,
  };
  const value = judge({
    data,
    earlier: remembered(data.minutes, 0),
    nowMs: (minutes + 2) * MINUTE,
    stepSinceMs: (seen.stepFrom ?? 0) * MINUTE,
    splitSinceMs: 0,
    share,
    sticky: seen.sticky ?? false,
    attempt: 1,
    visits: 1,
    policy,
  });
  // What these gates look at; the rest of an observation is none of theirs.
  const observation = {
    nowMs: (minutes + 2) * MINUTE,
    liveSinceMs: 0,
    askedMs: 0,
    firstShare: true,
    comparison: { readable: true, value },
    refused: seen.refused,
    candidate: { slot: "green", share },
    active: { slot: "blue", share: 100 - share },
  } as unknown as Observation;
  return { observation, policy, thresholds: THRESHOLDS, sticky: seen.sticky ?? false };
}

const assessment = (gate: Gate, seen: Seen) => gate(look(seen))[0];
const answer = (gate: Gate, seen: Seen) => assessment(gate, seen)?.answer;

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

describe("an alarm on a rate", () => {
  const alarmed = (seen: Seen) => {
    const input = look(seen);
    const alarms = {
      readable: true,
      value: [{ name: "error-rate", state: "ALARM", transitionedMs: 5 * MINUTE, reason: "crossed" }],
    };
    const own = {
      requested: { alarms: { "error-rate": "error-rate" } },
      alarms,
      values: { "error-rate": [0.08] },
    };
    const observation = {
      ...input.observation,
      candidate: { ...input.observation.candidate, ...own },
      active: { ...input.observation.active, requested: undefined, alarms: { readable: true, value: [] } },
    } as unknown as Observation;
    return alarmsGate({ ...input, observation }).find(({ gate }) => gate === "error-rate");
  };

  it("fails a candidate that has more failures than chance explains", () => {
    expect(alarmed({ minutes: 30, failing: [0.2, 0.005] })?.answer.kind).toBe("fail");
  });

  it("holds one that has no more than the active slot would show by chance", () => {
    expect(alarmed({ minutes: 30, failing: [0.067, 0.05] })?.answer).toMatchObject({
      kind: "noAnswer",
      reason: expect.stringContaining("as good as the active slot would show that, too"),
    });
  });

  it("decides alone at 100 %", () => {
    const seen = alarmed({ minutes: 30, share: 100, failing: [0.067, 0] });
    expect(seen?.answer.kind).toBe("fail");
    expect(seen?.onFail).toBeUndefined();
  });

  it("gives the users back at 100 % and ends nothing, where the active slot's day has such bad moments", () => {
    // One zone fails a quarter of its requests for ten minutes.
    const hiccup = (minute: number, zone: number) =>
      zone === 0 && minute >= 500 && minute < 510 ? 68 : minute % 2;
    const seen = { minutes: 30, share: 100, history: hiccup } as const;
    expect(alarmed({ ...seen, failing: [0.03, 0] })).toMatchObject({
      onFail: "retreat",
      answer: { kind: "fail" },
    });
    expect(alarmed({ ...seen, failing: [0.5, 0] })?.onFail).toBeUndefined();
    const smooth = alarmed({ ...seen, history: (minute) => minute % 2, failing: [0.03, 0] });
    expect(smooth?.onFail).toBeUndefined();
  });
});
