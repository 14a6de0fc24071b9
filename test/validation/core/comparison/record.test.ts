import { describe, expect, it } from "vitest";
import type { Judgement } from "../../../../validation/core/comparison/judgement.ts";
import { comparisonRecord, minutesOf } from "../../../../validation/core/comparison/record.ts";
import { look, type Seen } from "../../gates/looks.ts";
import { minutesOfSignal, seriesOf, signalOf } from "../signals/support.ts";
import { comparedSignals } from "../../../../validation/core/signals/compared.ts";
import { MINUTE, raw } from "./support.ts";

const judged = (seen: Seen): Judgement => {
  const { comparison } = look(seen).observation;
  if (comparison?.readable !== true) throw new Error("it is compared");
  return comparison.value;
};
const iso = (minute: number) => new Date(minute * MINUTE).toISOString();
/** Not read back: the text of the file. */
const kept = (judgement: Judgement) => comparisonRecord(judgement);

describe("the counts of a record", () => {
  /** The first minute is the third one of the clock, one is left out between, and some fail. */
  const seen: Seen = {
    minutes: 12,
    own: (index) => ({
      atMs: (index < 5 ? index + 3 : index + 4) * MINUTE,
      candidate: raw({ requests: 60, answered: 60 - index, errors: index }),
      active: raw({ requests: 540, answered: 530, errors: 3, refusals: 2 }),
    }),
  };

  it("are the minutes that were judged, when they are read again", () => {
    const judgement = judged(seen);
    const record = kept(judgement);
    expect(record.counts.map(minutesOf)).toEqual(judgement.counts.map(({ minutes }) => minutes));
    expect(record.counts.map(({ name }) => name)).toEqual(["failed", "client-errors"]);
  });

  it("tell when the first minute began, and each other one by its distance", () => {
    const [failed] = kept(judged(seen)).counts;
    expect(failed?.from).toBe(iso(3));
    expect(failed?.minutes.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 6, 7]);
    expect(failed?.candidate).toMatchObject({ requests: expect.arrayContaining([60]) });
    expect(failed?.candidate.events.slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it("have no begin where there was no minute, and no minutes that could be meant where a column is too short", () => {
    expect(kept(judged({ minutes: 0 })).counts[0]).toMatchObject({ from: undefined, minutes: [] });
    const column = { requests: [60], events: [] };
    const [minute] = minutesOf({ from: iso(3), minutes: [1], candidate: column, active: column });
    expect(minute).toEqual({
      atMs: 4 * MINUTE,
      candidate: { exposure: 60, events: Number.NaN },
      active: { exposure: 60, events: Number.NaN },
    });
  });
});

describe("a judgement as it is kept", () => {
  const failing: Seen = { minutes: 10, failing: [0.25, 0], stepFrom: 4 };

  it("has each time as a date of the cloud's clock", () => {
    const record = kept({ ...judged(failing), splitSinceMs: 2 * MINUTE });
    expect(record).toMatchObject({ stepSince: iso(4), splitSince: iso(2) });
    expect(record.metrics[0]?.window).toEqual({ from: iso(0), to: iso(10) });
  });

  it("tells when the evidence was first enough and by which metric most, and nothing where it never was", () => {
    const judgement = judged(failing);
    expect(judgement.crossing).toBeDefined();
    expect(kept(judgement).crossing).toEqual({
      at: iso((judgement.crossing?.atMs ?? 0) / MINUTE),
      evidence: judgement.crossing?.evidence,
      name: "failed",
    });
    expect(kept(judged({ failing: [0, 0] })).crossing).toBeUndefined();
  });

  it("names minutes that contradict themselves by their date", () => {
    const odd = (index: number) =>
      index === 4 ? { candidate: raw({ requests: 60, answered: 0, errors: 61 }) } : {};
    expect(kept(judged({ minutes: 12, own: odd })).unreadable).toEqual([iso(4)]);
  });

  it("names minutes that prove nothing by their distance from the first of the failed requests", () => {
    // Ten of sixty may still be answered: the minute is not final.
    const own = (index: number) => ({
      atMs: (index + 3) * MINUTE,
      ...(index === 7 ? { candidate: raw({ requests: 60, answered: 50 }) } : {}),
    });
    expect(kept({ ...judged({ minutes: 12, own }) }).proveNothing).toEqual([7]);
    expect(kept(judged({ minutes: 0 })).proveNothing).toEqual([]);
  });

  it("has of each metric the sums of both slots, their rates, and the evidence as a number", () => {
    const [failed] = kept(judged(failing)).metrics;
    expect(failed).toMatchObject({
      name: "failed",
      candidate: { requests: 600, events: 150, rate: 0.25 },
      active: { requests: 5400, events: 0, rate: 0 },
      informativeMinutes: 10,
    });
    expect(failed?.evidence).toBeCloseTo(Math.exp(failed?.logE ?? 0), 3);
  });

  it("has no rate where nothing was counted", () => {
    const [failed] = kept(judged({ minutes: 0 })).metrics;
    expect(failed?.candidate).toEqual({ requests: 0, events: 0, rate: undefined });
    expect(failed?.window).toBeUndefined();
  });
});

it("a signal of the stack's own is kept with what it means, why it is held, and the minutes of each named part", () => {
  const minutes = minutesOfSignal(5, (index) => [
    [index, 60],
    [1, 540],
  ]);
  const later = minutes.slice(2);
  const series = seriesOf({
    minutes,
    segments: [{ name: "country=DE", minutes: later }],
    held: "few labels",
  });
  const signals = comparedSignals([series], { nowMs: 100 * MINUTE, lagSeconds: 0, sticky: false });
  const judgement = judged({ minutes: 10 });
  const [, , signal] = kept({ ...judgement, counts: [...judgement.counts, ...signals] }).counts;
  expect(signal?.signal).toMatchObject({ definition: signalOf(), held: "few labels" });
  expect(signal?.signal?.parts.map(({ name, from }) => [name, from])).toEqual([["country=DE", iso(2)]]);
  expect(signal?.signal?.parts.map(minutesOf)).toEqual([later]);
});
