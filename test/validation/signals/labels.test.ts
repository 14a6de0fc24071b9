import { expect, it } from "vitest";
import { showStatus } from "../../../cli/view/status.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { compare } from "../../../validation/core/comparison/compare.ts";
import { comparedSignals } from "../../../validation/core/signals/compared.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import { definition } from "../../../validation/signals/sources/labels.ts";
import { feedback } from "../../../validation/signals/feedback/feedback.ts";
import type { Labelled } from "../../../validation/signals/feedback/row.ts";
import { openLedger } from "../../../validation/signals/ledger/ledger.ts";
import { candidateReady, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE_MS = 60_000;
const SIGNAL = {
  name: "wrong",
  source: { from: "labels", labelAfterMinutes: 10 },
  segments: { country: ["DE"] },
};
const OWN = { signals: [SIGNAL], labels: { bucket: "labels" } };

interface Told {
  readonly slot: Slot;
  readonly atMs: number;
  readonly right: number;
  readonly wrong: number;
  readonly segments?: Readonly<Record<string, string>>;
}

/** So many labels of one minute, which come now. */
async function tell(world: World, ...all: readonly Told[]): Promise<void> {
  const context = world.context();
  const rows = all.flatMap(({ slot, atMs, right, wrong, segments = {} }) =>
    Array.from({ length: right + wrong }, (_, index): Labelled => {
      const id = `${slot} ${atMs} ${index} ${JSON.stringify(segments)}`;
      return { id, slot, atMs, version: "", segments, wrong: index < wrong, loss: undefined };
    }),
  );
  await openLedger(context, context.labels(undefined)).add(rows, world.clock.now());
}

async function seriesOf(world: World, fromMs: number) {
  const [signal] = world.config.signals;
  if (signal === undefined || !("series" in definition)) throw new Error("there is no signal of labels");
  const context = world.context();
  const toMs = Math.floor(world.clock.now() / MINUTE_MS) * MINUTE_MS;
  const { activeSlot: active } = world.config;
  const deployed = world.deployed();
  return definition.series(signal, signal.source, {
    context,
    deployed,
    candidate: otherSlot(active),
    active,
    windows: [{ fromMs, toMs }],
    historyFromMs: fromMs - 60 * MINUTE_MS,
    sinceMs: fromMs,
    toMs,
  });
}

it("a minute counts when it has its age, with the labels that had come by then, and the history of the active slot beside it", async () => {
  const world = new World({ ...sharing(50), ...OWN });
  const fromMs = world.bornMs;
  const before = fromMs - 2 * MINUTE_MS;
  world.clock.advance(5 * MINUTE_MS);
  await tell(
    world,
    { slot: "blue", atMs: before, right: 9, wrong: 1 },
    { slot: "blue", atMs: fromMs, right: 19, wrong: 1, segments: { country: "DE" } },
    { slot: "green", atMs: fromMs, right: 10, wrong: 5 },
    { slot: "green", atMs: fromMs, right: 3, wrong: 2, segments: { country: "DE" } },
  );
  world.clock.advance(5 * MINUTE_MS);
  expect(await seriesOf(world, fromMs)).toMatchObject({
    minutes: [],
    note: expect.stringMatching(/^no label is old enough so far/),
  });
  world.clock.advance(2 * MINUTE_MS);
  await tell(world, { slot: "green", atMs: fromMs + 1, right: 0, wrong: 100 });
  const read = await seriesOf(world, fromMs);
  expect(read.minutes[0]).toEqual({
    atMs: fromMs + 10 * MINUTE_MS,
    candidate: { exposure: 20, events: 7 },
    active: { exposure: 20, events: 1 },
  });
  // As many of green's answers are of Germans as of blue's, and those without a label count as right.
  expect(read.segments[0]).toMatchObject({ name: "country=DE" });
  expect(read.segments[0]?.minutes[0]).toMatchObject({
    candidate: { exposure: 20, events: 2 },
    active: { exposure: 20, events: 1 },
  });
  expect(read.history).toEqual([{ exposure: 10, events: 1 }]);
  expect(read.held).toBeUndefined();
  expect(read.note).toBeUndefined();
});

it("where one slot's answers are labelled much more often, it holds", async () => {
  const world = new World({ ...sharing(50), ...OWN });
  const fromMs = world.bornMs;
  await tell(
    world,
    ...Array.from({ length: 20 }, (_, minute) => [
      { slot: "blue", atMs: fromMs + minute * MINUTE_MS, right: 200, wrong: 2 } as const,
      { slot: "green", atMs: fromMs + minute * MINUTE_MS, right: 20, wrong: 2 } as const,
    ]).flat(),
  );
  world.clock.advance(40 * MINUTE_MS);
  expect((await seriesOf(world, fromMs)).held).toMatch(/of the candidate's predictions have a label/);
});

/** Green answers as well as blue; of its right answers to Germans so many a minute get a label in time, of blue's eight. */
async function segmentWorld(germans: { readonly right: number }) {
  const country = ["DE", "FR", "IT"];
  const signals = [{ ...SIGNAL, segments: { country } }];
  const world = new World({ ...sharing(50), ...OWN, signals });
  const fromMs = world.bornMs;
  const told = Array.from({ length: 120 }, (_, minute): Told[] => {
    const at = (slot: Slot, value: string, right: number) => ({
      slot,
      atMs: fromMs + minute * MINUTE_MS,
      right,
      wrong: 1,
      segments: { country: value },
    });
    return country.flatMap((value) => [
      at("blue", value, value === "DE" ? 8 : 80),
      at("green", value, value === "DE" ? germans.right : 80),
    ]);
  });
  await tell(world, ...told.flat());
  world.clock.advance(140 * MINUTE_MS);
  const series = await seriesOf(world, fromMs);
  const settings = { nowMs: world.clock.now(), lagSeconds: 0, sticky: false };
  const policy = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
  const before = (minutes: number) => {
    const early = ({ atMs }: { readonly atMs: number }) => atMs < fromMs + (10 + minutes) * MINUTE_MS;
    const one = { ...series, held: undefined, minutes: series.minutes.filter(early) };
    const segments = series.segments.map(({ name, minutes: all }) => ({ name, minutes: all.filter(early) }));
    return compare(comparedSignals([{ ...one, segments }], settings), policy).crossing;
  };
  return { series, before };
}

it("labels that one slot lacks in one segment hold the release and accuse nobody, not even before they hold it", async () => {
  const { series, before } = await segmentWorld({ right: 1 });
  expect(series.held).toMatch(/of the candidate's predictions have a label of country=DE, /);
  expect([5, 10, 20, 40, 120].map(before)).toEqual(Array.from({ length: 5 }, () => undefined));
});

it("segments that are labelled alike on both slots hold nothing", async () => {
  expect((await segmentWorld({ right: 8 })).series.held).toBeUndefined();
});

/** Green was promoted an hour and a half ago, after an hour in which both had half of the users. */
async function promotedWorld(green: { readonly right: number; readonly wrong: number }): Promise<World> {
  const { release, ...raw } = promoted();
  const world = new World({ ...raw, ...OWN });
  const fromMs = world.bornMs;
  const at = (ms: number) => new Date(ms).toISOString();
  const compared = {
    active: world.config.slots.blue.image,
    attempt: 1,
    windows: [{ from: at(fromMs), to: at(fromMs + 60 * MINUTE_MS) }],
  };
  world.raw = { ...world.raw, release: JSON.stringify({ ...release, compared }) };
  world.setLive(50);
  const told = Array.from({ length: 60 }, (_, minute): Told[] => [
    { slot: "blue", atMs: fromMs + minute * MINUTE_MS, right: 31, wrong: 2 },
    { slot: "green", atMs: fromMs + minute * MINUTE_MS, ...green },
  ]);
  await tell(world, ...told.flat());
  world.clock.advance(60 * MINUTE_MS);
  world.setLive(0);
  world.clock.advance(90 * MINUTE_MS);
  return world;
}

it("after a promotion status says how many labels of the split there are, and what they leave possible", async () => {
  const seen = await status((await promotedWorld({ right: 31, wrong: 2 })).context());
  const words =
    /^v2 is promoted; 3,960 labels of the split so far; it may still be up to [\d.]+ times as often wrong$/;
  expect(seen.labels).toMatchObject([
    { isAgainst: false, labels: 3960, sentence: expect.stringMatching(words) },
  ]);
  expect(seen.labels[0]?.atMostTimes).toBeGreaterThan(1);
  expect(showStatus(seen)).toContain("3,960 labels of the split");
});

it("where they show harm after the promotion, status says so and that revert is next", async () => {
  const seen = await status((await promotedWorld({ right: 25, wrong: 8 })).context());
  expect(seen.labels).toMatchObject([{ isAgainst: true }]);
  expect(seen.next).toBe("npx bluegreen revert");
  expect(showStatus(seen)).toMatch(/AGAINST: .* its labels speak against it: wrong: 480 of 1980 labels/);
});

it("feedback says the same, and names the command where they show harm", async () => {
  const more = JSON.stringify({ slot: "green", time: "2025-12-31T00:00:00Z", correct: true, id: "a" });
  const good = await feedback((await promotedWorld({ right: 31, wrong: 2 })).context(), more);
  expect(good.sentence).toMatch(/^1 labels taken; v2 is promoted; 3,960 labels .* times as often wrong$/);
  expect(good.promoted).toMatchObject([{ signal: "wrong", labels: 3960, isAgainst: false }]);
  const bad = await feedback((await promotedWorld({ right: 25, wrong: 8 })).context(), more);
  expect(bad.sentence).toMatch(/v2 is promoted; its labels speak against it: .*: npx bluegreen revert$/);
  expect(bad.promoted).toMatchObject([{ labels: 3960, isAgainst: true }]);
});

it("the rollout that promoted it ends with what they say by then", async () => {
  const ready = new World({
    ...candidateReady(),
    rollout: { ...candidateReady().rollout, maxBlindSpots: [1] },
    signals: [{ ...SIGNAL, action: "report" }],
    labels: { bucket: "labels" },
  });
  const ended = await rollout(ready.context(), { pollMs: 10_000 });
  expect(ended).toMatchObject({
    result: "promoted",
    sentence: expect.stringMatching(/; v2 is promoted; no label of the split is old enough so far$/),
    labels: [{ signal: "wrong", labels: 0 }],
  });
  const again = await rollout((await promotedWorld({ right: 31, wrong: 2 })).context(), { pollMs: 10_000 });
  expect(again).toMatchObject({
    result: "promoted",
    sentence: expect.stringContaining("; v2 is promoted; 3,960 labels of the split so far"),
    labels: [{ labels: 3960 }],
  });
});

it("of several signals each has its name there", async () => {
  const world = await promotedWorld({ right: 31, wrong: 2 });
  world.raw = { ...world.raw, signals: JSON.stringify([SIGNAL, { ...SIGNAL, name: "corrected" }]) };
  const { labels } = await status(world.context());
  expect(labels.map(({ sentence }) => sentence.slice(0, 33))).toEqual([
    "v2 is promoted; wrong: 3,960 labe",
    "v2 is promoted; corrected: 3,960 ",
  ]);
});

it("a stack on AWS whose signal reads labels needs a bucket for them", () => {
  expect(() => new World({ ...sharing(50), signals: [SIGNAL] })).toThrow(/labels.bucket/);
});
