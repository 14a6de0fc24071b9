import { describe, expect, it } from "vitest";
import { rolloutFields, thresholdFields } from "../../../contract/config/sections.ts";
import type { Signal } from "../../../contract/signals/signal.ts";
import type { Gate } from "../../../validation/core/assessment.ts";
import { remembered, type ComparisonData, type RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";
import { comparisonRecord } from "../../../validation/core/comparison/record.ts";
import type { Observation } from "../../../validation/core/observation.ts";
import type { SignalSeries } from "../../../validation/core/signals/series.ts";
import { comparisonGate } from "../../../validation/gates/comparison.ts";
import { signalsGate } from "../../../validation/gates/signals.ts";
import { pastSignals } from "../../../validation/insight/replay/past-signals.ts";
import { MINUTE, pairOf, raw } from "../core/comparison/support.ts";
import { minutesOfSignal, seriesOf, signalOf } from "../core/signals/support.ts";

const defaults = (fields: object) =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));
// The defaults of the contract's own fields, so they have the contract's types.
const POLICY = defaults(rolloutFields) as JudgementInput["policy"];
const THRESHOLDS = defaults(thresholdFields) as Parameters<Gate>[0]["thresholds"];
const MINUTES = 30;

function judged(signals: readonly SignalSeries[], own: Partial<ComparisonData> = {}) {
  const minutes = Array.from({ length: MINUTES }, (_, index): RawMinute => ({
    atMs: index * MINUTE,
    candidate: raw({ requests: 60 }),
    active: raw({ requests: 540 }),
  }));
  const data = pairOf(minutes, { signals, ...own });
  return judge({
    data,
    earlier: remembered(data.minutes, 0),
    nowMs: (MINUTES + 2) * MINUTE,
    stepSinceMs: 0,
    splitSinceMs: 0,
    share: 10,
    sticky: false,
    attempt: 1,
    visits: 1,
    policy: POLICY,
  });
}

function answer(gate: Gate, signals: readonly SignalSeries[]) {
  // What these gates look at; the rest of an observation is none of theirs.
  const observation = {
    comparison: { readable: true, value: judged(signals) },
    candidate: { slot: "green", share: 10 },
    active: { slot: "blue", share: 90 },
  } as unknown as Observation;
  return gate({ observation, policy: POLICY, thresholds: THRESHOLDS, sticky: false })[0]?.answer;
}

const wrong = (own: Partial<Signal>, more: Partial<SignalSeries> = {}) =>
  seriesOf({
    signal: signalOf(own),
    minutes: minutesOfSignal(MINUTES, () => [
      [3, 20],
      [3, 180],
    ]),
    ...more,
  });

describe("the signals of a stack", () => {
  it("hold the release where they are meant to, and say both slots' numbers with what they are counted among", () => {
    expect(answer(signalsGate, [wrong({ action: "hold" })])).toMatchObject({
      kind: "fail",
      reason: "signals: wrong: 90 of 600 labels (15 %), 90 of 5400 labels (1.7 %) on blue",
    });
  });

  it("roll back by the comparison, in the same words, and do not hold as well", () => {
    expect(answer(signalsGate, [wrong({ action: "rollback" })])?.kind).toBe("pass");
    expect(answer(comparisonGate, [wrong({ action: "rollback" })])).toMatchObject({
      kind: "fail",
      reason: expect.stringMatching(
        /^wrong: 90 of 600 labels \(15 %\), 90 of 5400 labels \(1\.7 %\) on blue, at least [\d.]+ times as many \(/,
      ),
    });
  });

  it("name the segment, and how it is over all", () => {
    const segments = [
      {
        name: "country=DE",
        minutes: minutesOfSignal(MINUTES, () => [
          [0.6, 2],
          [0.2, 40],
        ]),
      },
      {
        name: "country=FR",
        minutes: minutesOfSignal(MINUTES, () => [
          [0.2, 18],
          [2, 140],
        ]),
      },
    ];
    const minutes = minutesOfSignal(MINUTES, () => [
      [0.4, 20],
      [2.2, 180],
    ]);
    expect(answer(comparisonGate, [wrong({}, { minutes, segments })])).toMatchObject({
      kind: "fail",
      reason: expect.stringMatching(
        /^wrong in country=DE: 18 of 60 labels \(30 %\), 6 of 1200 labels \(0\.5 %\) on blue; 2 % and 1\.2 % over all \(/,
      ),
    });
  });

  it("tell a mean of losses", () => {
    expect(answer(signalsGate, [wrong({ kind: "losses", action: "hold" })])).toMatchObject({
      reason: "signals: wrong: a mean of 0.15 over 600 labels, a mean of 0.017 over 5400 labels on blue",
    });
  });

  it("are told and decide nothing, where they are only reported", () => {
    expect(answer(signalsGate, [wrong({ action: "report" })])).toMatchObject({
      kind: "pass",
      reason: expect.stringMatching(/^signals: told, and decides nothing: wrong: 90 of 600 labels/),
    });
  });

  it.each(["rollback", "retreat", "hold"] as const)(
    "hold with action %s while nothing can be said by them",
    (action) => {
      expect(answer(signalsGate, [wrong({ action }, { held: "no label" })])).toMatchObject({
        kind: "noAnswer",
        cause: "unreadable",
        reason: "signals: wrong: no label",
      });
      expect(answer(comparisonGate, [wrong({ action }, { held: "no label" })])?.kind).not.toBe("fail");
    },
  );

  it("do not hold for what is only reported, and say why it says nothing", () => {
    const quiet = wrong({ name: "cut" }, { minutes: [] });
    expect(answer(signalsGate, [wrong({ action: "report" }, { held: "no label" }), quiet])).toEqual(
      expect.objectContaining({
        kind: "pass",
        reason: "signals: nothing can be said by what is only told: wrong: no label",
      }),
    );
  });

  it("hold while the newest counts contradict themselves, and no longer", () => {
    const odd = (at: number) =>
      wrong(
        { action: "rollback" },
        {
          minutes: minutesOfSignal(MINUTES, (index) => [
            [index === at ? 21 : 0, 20],
            [1, 180],
          ]),
        },
      );
    expect(answer(signalsGate, [odd(MINUTES - 1)])).toMatchObject({
      kind: "noAnswer",
      reason: expect.stringMatching(/1970-01-01T00:29:00.*more events than there can be/),
    });
    expect(answer(signalsGate, [odd(MINUTES - 10)])?.kind).toBe("pass");
  });

  it("are no question where a stack has none", () => {
    expect(answer(signalsGate, [])?.kind).toBe("notApplicable");
  });

  it("come back from the kept evidence, and give the same verdict", () => {
    const signals = [
      wrong({ action: "hold" }),
      wrong(
        { name: "by-country", segments: { country: ["DE"] } },
        {
          segments: [
            {
              name: "country=DE",
              minutes: minutesOfSignal(MINUTES, () => [
                [1, 5],
                [0, 50],
              ]),
            },
          ],
        },
      ),
      seriesOf({
        signal: signalOf({ name: "score", kind: "scores", action: "report" }),
        minutes: minutesOfSignal(MINUTES, () => [
          [60, 60],
          [540, 540],
        ]),
        tenths: Array.from({ length: 10 }, () =>
          minutesOfSignal(MINUTES, () => [
            [6, 60],
            [54, 540],
          ]),
        ),
      }),
    ];
    const before = judged(signals);
    const kept = JSON.parse(JSON.stringify(comparisonRecord(before)));
    const dispersions = new Map(before.counts.map(({ name, dispersion }) => [name, dispersion]));
    const again = judged(pastSignals(kept), { dispersions });
    expect(again.evidence).toBe(before.evidence);
    expect(again.metrics.map(({ logE }) => logE)).toEqual(before.metrics.map(({ logE }) => logE));
  });
});
