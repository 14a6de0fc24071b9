import { describe, expect, test } from "vitest";
import { settledSignals, type SignalReads } from "../../../validation/signals/settle.ts";
import type { SignalMinute, SignalSeries } from "../../../validation/core/signals/series.ts";
import { signalOf } from "../core/signals/support.ts";

const MINUTE = 60_000;

/** Exposures of [candidate, active], minute by minute. */
const seriesOf = (exposures: readonly (readonly [number, number])[]): SignalSeries => ({
  signal: signalOf({}),
  minutes: exposures.map(([candidate, active], index): SignalMinute => ({
    atMs: index * MINUTE,
    candidate: { events: 0, exposure: candidate },
    active: { events: 0, exposure: active },
  })),
  segments: [],
  tenths: [],
  history: [],
  held: undefined,
});

/** How many minutes count when they were read the same at each of these times, in minutes. */
function settledAt(series: SignalSeries, ...times: readonly number[]): number {
  let reads: SignalReads = new Map();
  let counted = 0;
  for (const time of times) {
    const settled = settledSignals([series], { nowMs: time * MINUTE, lagSeconds: 120 }, reads);
    reads = settled.reads;
    counted = settled.series[0]?.minutes.length ?? 0;
  }
  return counted;
}

describe("the minutes of a signal that count", () => {
  test("are those that ended the lag ago and were read the same for a minute", () => {
    const series = seriesOf([
      [10, 90],
      [12, 88],
    ]);
    expect(settledAt(series, 2.5, 3)).toBe(0);
    expect(settledAt(series, 2.5, 3.5)).toBe(1);
    expect(settledAt(series, 2.5, 3.5, 4.5)).toBe(2);
  });

  test("end before one in which a slot suddenly has nothing, until it is final: its log may be behind", () => {
    for (const silent of [
      [0, 90],
      [10, 0],
    ] as const) {
      const series = seriesOf([[10, 90], silent, [10, 90]]);
      expect(settledAt(series, 4, 5, 6)).toBe(1);
      expect(settledAt(series, 4, 5, 6, 7)).toBe(3);
    }
  });

  test("may be without a slot that had few anyway", () => {
    expect(
      settledAt(
        seriesOf([
          [9, 90],
          [0, 90],
        ]),
        3,
        4.5,
      ),
    ).toBe(2);
  });
});
