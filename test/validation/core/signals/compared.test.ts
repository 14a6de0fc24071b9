import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Signal } from "../../../../contract/signals/signal.ts";
import { compareAndDoubt, type ComparedMetric } from "../../../../validation/core/comparison/compare.ts";
import { harmProcess } from "../../../../validation/core/comparison/evidence/harm.ts";
import { weightsOf } from "../../../../validation/core/comparison/evidence/weighing.ts";
import { comparedSignals } from "../../../../validation/core/signals/compared.ts";
import type { SignalSeries } from "../../../../validation/core/signals/series.ts";
import { failedMetric, MINUTE, paired, repeated, seeded } from "../comparison/support.ts";
import { minutesOfSignal, quietHistory, seriesOf, signalOf } from "./support.ts";

const POLICY = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
const LATER = { nowMs: 10_000 * MINUTE, lagSeconds: 120, sticky: false };
const QUIET = failedMetric(repeated(30, paired([0, 60], [3, 540])));

const judged = (series: readonly SignalSeries[], metrics: readonly ComparedMetric[] = [QUIET]) =>
  compareAndDoubt([...metrics, ...comparedSignals(series, LATER)], POLICY, { sticky: false, sinceMs: 0 });

/** One in five of the candidate's labels is wrong, one in a hundred of the active slot's. */
const bad = (own: Partial<Signal> = {}) =>
  seriesOf({
    signal: signalOf(own),
    minutes: minutesOfSignal(30, () => [
      [12, 60],
      [5, 540],
    ]),
  });

describe("signals of the stack's own", () => {
  it("share a fifth of the error probability with client errors, by budgets; those that hold or are told take none", () => {
    const of = (budget: number, action: Signal["action"]) => ({
      kind: "signal" as const,
      signal: { definition: signalOf({ budget, action }) },
    });
    const weights = weightsOf([
      { kind: "failed" },
      { kind: "slow" },
      { kind: "slow" },
      { kind: "client" },
      of(2, "rollback"),
      of(1, "retreat"),
      of(1, "hold"),
      of(3, "hold"),
      of(1, "report"),
    ]);
    expect(weights).toEqual([0.5, 0.15, 0.15, 0.05, 0.1, 0.05, 0.25, 0.75, 1]);
  });

  it.each([
    ["rollback", true, true, false],
    ["retreat", false, true, false],
    ["hold", false, false, true],
    ["report", false, false, true],
  ] as const)(
    "with action %s end a release: %s, give users back: %s, stand alone: %s",
    (action, ends, doubts, alone) => {
      const { comparison, doubt } = judged([bad({ action })]);
      expect(comparison.crossing !== undefined).toBe(ends);
      expect(doubt.crossing !== undefined).toBe(doubts);
      expect(comparison.metrics[1]?.signal?.alone?.crossing !== undefined).toBe(alone);
    },
  );

  it("are no evidence while nothing can be said by them", () => {
    const { comparison, doubt } = judged([{ ...bad(), held: "no label" }]);
    expect([comparison.crossing, doubt.crossing]).toEqual([undefined, undefined]);
    expect(comparison.metrics[1]).toMatchObject({ contribution: 0, signal: { held: "no label" } });
  });

  it("are told of without a part where scores have no tenths yet: nobody has answered, or nothing is frozen", () => {
    const signal = signalOf({ kind: "scores", action: "report" });
    const { comparison } = judged([seriesOf({ signal, minutes: [], tenths: [], held: "no score yet" })]);
    expect(comparison.metrics[1]).toMatchObject({ logE: 0, contribution: 0, signal: { part: undefined } });
  });

  it("never make a failure be seen later", () => {
    const failing = failedMetric(repeated(30, paired([2, 60], [3, 540])));
    const good = seriesOf({
      minutes: minutesOfSignal(30, () => [
        [6, 60],
        [54, 540],
      ]),
    });
    const alone = judged([], [failing]).comparison.crossing;
    expect(alone).toBeDefined();
    expect(judged([good, good, good], [failing]).comparison.crossing?.atMs).toBe(alone?.atMs);
  });

  it("count what is missing where more is better: fewer purchases are harm, more are none", () => {
    const sold = (events: number) =>
      minutesOfSignal(300, () => [
        [events, 60],
        [450, 540],
      ]);
    const at = (events: number) =>
      judged([seriesOf({ signal: signalOf({ better: "higher" }), minutes: sold(events) })]).comparison
        .crossing;
    expect(at(30)).toBeDefined();
    expect(at(58)).toBeUndefined();
  });

  it("have a tolerance of their own", () => {
    const twice = minutesOfSignal(300, () => [
      [2, 60],
      [9, 540],
    ]);
    const at = (tolerance: number | undefined) =>
      judged([seriesOf({ signal: signalOf({ tolerance }), minutes: twice })]).comparison.crossing;
    expect(at(undefined)).toBeDefined();
    expect(at(2.1)).toBeUndefined();
  });

  it("see a segment that the total hides, and name it", () => {
    const minutes = minutesOfSignal(60, () => [
      [1.2, 60],
      [8, 540],
    ]);
    const segments = ["DE", "FR", "IT"].map((country) => ({
      name: `country=${country}`,
      minutes: minutesOfSignal(60, () =>
        country === "DE"
          ? [
              [0.5, 5],
              [0.5, 45],
            ]
          : [
              [0.3, 20],
              [3, 180],
            ],
      ),
    }));
    expect(judged([seriesOf({ minutes })]).comparison.crossing).toBeUndefined();
    const { comparison } = judged([seriesOf({ minutes, segments })]);
    expect(comparison.crossing?.name).toBe("wrong");
    expect(comparison.metrics[1]?.signal?.part).toEqual({
      name: "country=DE",
      total: {
        candidate: { exposure: 300, events: 30 },
        active: { exposure: 2700, events: 30 },
        informativeMinutes: 60,
      },
    });
  });

  it("see scores that come closer together, which two tails would not, and name the tenth", () => {
    const tenths = Array.from({ length: 10 }, (_, index) =>
      minutesOfSignal(20, () =>
        index === 4 || index === 5
          ? [
              [24, 60],
              [54, 540],
            ]
          : [
              [1.5, 60],
              [54, 540],
            ],
      ),
    );
    const scores = seriesOf({
      signal: signalOf({ kind: "scores", action: "report" }),
      minutes: minutesOfSignal(20, () => [
        [60, 60],
        [540, 540],
      ]),
      tenths,
    });
    const metric = judged([scores]).comparison.metrics[1];
    expect(metric?.signal?.alone?.crossing).toBeDefined();
    expect(metric?.signal?.part?.name).toMatch(/^tenth [56]$/);
    expect(metric?.total.candidate).toEqual({ exposure: 1200, events: 480 });
  });

  it("say when scores have too few distinct values, and compare them all the same", () => {
    const tenths = [
      minutesOfSignal(20, () => [
        [30, 60],
        [270, 540],
      ]),
      minutesOfSignal(20, () => [
        [30, 60],
        [270, 540],
      ]),
    ];
    const [metric] = comparedSignals(
      [seriesOf({ signal: signalOf({ kind: "scores" }), minutes: tenths[0] ?? [], tenths })],
      LATER,
    );
    expect(metric?.signal?.note).toMatch(/^too few distinct values: 50 % /);
    expect(metric?.signal?.held).toBeUndefined();
  });

  it("leave out minutes that contradict themselves and minutes that may not be whole, and say the first", () => {
    const minutes = minutesOfSignal(4, (index) =>
      index === 1
        ? [
            [61, 60],
            [1, 540],
          ]
        : [
            [1, 60],
            [1, 540],
          ],
    );
    const [metric] = comparedSignals([seriesOf({ minutes })], { ...LATER, nowMs: 5 * MINUTE });
    expect(metric?.minutes.map(({ atMs }) => atMs / MINUTE)).toEqual([0, 2]);
    expect(metric?.signal?.unreadable).toEqual([MINUTE]);
  });

  it("have the clusters of the active slot's history", () => {
    const inTens = Array.from({ length: 1440 }, (_, index) => ({
      exposure: 540,
      events: index % 10 === 0 ? 50 : 0,
    }));
    const [clustered, calm] = comparedSignals(
      [
        seriesOf({ minutes: [], history: inTens }),
        seriesOf({ minutes: [], history: quietHistory(5, seeded(3)) }),
      ],
      LATER,
    );
    expect(clustered?.dispersion.phi).toBeGreaterThan(10);
    expect(calm?.dispersion).toMatchObject({ phi: 1, assumed: false });
  });
});

/** The mean factor of one minute, where each of so many answers has one of these losses with the given chance. */
function meanOfFactor(losses: readonly number[], candidates: number, actives: number): number {
  // Exact: every outcome with its probability.
  const outcomes = (answers: number): readonly (readonly [sum: number, chance: number])[] =>
    answers === 0
      ? [[0, 1]]
      : outcomes(answers - 1).flatMap(([sum, chance]) =>
          losses.map((loss) => [sum + loss, chance / losses.length] as const),
        );
  let mean = 0;
  for (const [x, p] of outcomes(candidates)) {
    for (const [y, q] of outcomes(actives)) {
      const process = harmProcess({ tolerance: 1, dispersion: 1 });
      process.add(paired([x, candidates], [y, actives]));
      mean += p * q * Math.exp(process.logE());
    }
  }
  return mean;
}

describe("losses", () => {
  const loss = fc.double({ min: 0, max: 1, noNaN: true });

  it("have an e-value with a mean of at most 1 where both slots lose alike, whatever the losses", () => {
    fc.assert(
      fc.property(
        fc.array(loss, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(1, 3, 4),
        (losses, n, m) => {
          expect(meanOfFactor(losses, n, m)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are seen when their mean doubles", () => {
    const minutes = minutesOfSignal(30, () => [
      [12.4, 60],
      [54.7, 540],
    ]);
    expect(
      judged([seriesOf({ signal: signalOf({ kind: "losses" }), minutes })]).comparison.crossing,
    ).toBeDefined();
  });
});

describe("the order of signals and of segments", () => {
  it("makes no difference to the evidence", () => {
    const count = fc.tuple(fc.nat(5), fc.nat(40));
    const minutes = fc.array(count, { minLength: 1, maxLength: 20 }).map((all) =>
      minutesOfSignal(all.length, (index) => [
        [all[index]?.[0] ?? 0, 60],
        [all[index]?.[1] ?? 0, 540],
      ]),
    );
    const named = fc.array(minutes, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(minutes, named, minutes, (total, parts, other) => {
        const segments = parts.map((own, index) => ({ name: `part=${index}`, minutes: own }));
        const one = seriesOf({ minutes: total, segments });
        const two = seriesOf({ signal: signalOf({ name: "other", budget: 3 }), minutes: other });
        const turned = { ...one, segments: segments.toReversed() };
        const [a, b] = [judged([one, two]), judged([two, turned])];
        expect(b.comparison.evidence).toBeCloseTo(a.comparison.evidence, 6);
        expect(b.comparison.crossing?.atMs).toBe(a.comparison.crossing?.atMs);
        expect(b.doubt.crossing?.atMs).toBe(a.doubt.crossing?.atMs);
      }),
      { numRuns: 60 },
    );
  });
});
