import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../../../validation/signals/ledger/ledger.ts";
import { feedback } from "../../../validation/signals/feedback/feedback.ts";
import type { LoggedPrediction } from "../../../validation/ports.ts";
import { World } from "../support/world.ts";

const MINUTE_MS = 60_000;
let world: World;

const stack = (more: object = {}) =>
  new World({
    activeSlot: "blue",
    localCloud: "http://127.0.0.1:1",
    blue: { image: "a:1", modelVersion: "1", minTasks: 2 },
    green: { image: "a:2", modelVersion: "2", minTasks: 2 },
    ...more,
  });

beforeEach(() => {
  world = stack();
});

const lines = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const logged = (requestId: string, more: Partial<LoggedPrediction> = {}): LoggedPrediction => ({
  requestId,
  slot: "green",
  version: undefined,
  atMs: world.clock.now() - 10 * MINUTE_MS,
  answer: 4,
  segments: {},
  ...more,
});
async function entries() {
  const context = world.context();
  const found = await openLedger(context, context.labels(undefined)).read(0, world.clock.now() + MINUTE_MS);
  return found.map(({ slot, version, wrong, count, segments }) => ({
    slot,
    version,
    wrong,
    count,
    segments,
  }));
}

it("a label is compared with the answer in the log, and counts for the slot and the minute of the prediction", async () => {
  world.labels.predictions = [
    logged("a"),
    logged("b", { answer: { prediction: 9, modelVersion: "2" }, segments: { country: "DE" } }),
    logged("c", { slot: "blue", answer: "4" }),
  ];
  const rows = lines(
    { requestId: "a", label: 4 },
    { requestId: "b", label: 4 },
    { requestId: "c", label: 4 },
  );
  const outcome = await feedback(world.context(), rows);
  expect(outcome).toMatchObject({ exitCode: 0, taken: 3, notFound: 0, sentence: "3 labels taken" });
  expect(await entries()).toEqual([
    { slot: "green", version: "2", wrong: false, count: 1, segments: {} },
    { slot: "green", version: "2", wrong: true, count: 1, segments: { country: "DE" } },
    { slot: "blue", version: "1", wrong: false, count: 1, segments: {} },
  ]);
});

it("the same rows again, in another file or from another writer, count once, as they came first", async () => {
  world.labels.predictions = ["a", "b", "c"].map((id) => logged(id));
  await feedback(world.context(), lines({ requestId: "a", label: 4 }, { requestId: "b", label: 4 }));
  const again = await feedback(
    world.context(),
    lines({ requestId: "a", label: 4 }, { requestId: "b", label: 4 }),
  );
  expect(again.sentence).toBe("2 labels taken, all of them known before");
  await feedback(world.context(), lines({ requestId: "b", label: 9 }, { requestId: "c", label: 4 }));
  const found = await entries();
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  expect(found.every(({ wrong }) => wrong === false)).toBe(true);
});

it("of a file with a malformed row nothing is taken, and each such row is named", async () => {
  world.labels.predictions = [logged("a")];
  const rows = lines({ requestId: "a", label: 4 }, { requestId: "a" }, { label: 4 });
  await expect(feedback(world.context(), rows)).rejects.toMatchObject({
    code: "BG340",
    message: expect.stringMatching(/line 2 says nothing.*line 3 names no prediction/s),
  });
  expect(world.labels.kept.size).toBe(0);
});

it("a request that no log has is told and no error: it may not be there yet, or not have been sampled", async () => {
  const outcome = await feedback(world.context(), lines({ requestId: "a", label: 4 }));
  expect(outcome).toMatchObject({ exitCode: 0, taken: 0, notFound: 1 });
  expect(outcome.sentence).toContain("1 requests are not in the log");
});

it("the log is read from the newest hour back until all requests are found, or for the times that the rows say", async () => {
  world.labels.predictions = [logged("a")];
  await feedback(world.context(), lines({ requestId: "a", label: 4 }));
  expect(world.labels.looks).toHaveLength(1);
  const atMs = world.clock.now() - 30 * MINUTE_MS;
  await feedback(world.context(), lines({ requestId: "x", label: 4, time: atMs }));
  expect(world.labels.looks.slice(1)).toEqual([{ fromMs: atMs - 2 * MINUTE_MS, toMs: atMs + 2 * MINUTE_MS }]);
});

it("a row with a time is looked for around it, also beside rows without one, which are looked for from now back", async () => {
  const atMs = world.clock.now() - 10 * 24 * 60 * MINUTE_MS;
  world.labels.predictions = [logged("old", { atMs }), logged("new")];
  const outcome = await feedback(
    world.context(),
    lines({ requestId: "new", label: 4 }, { requestId: "old", label: 4, time: atMs }),
  );
  expect(outcome).toMatchObject({ taken: 2, notFound: 0 });
  const nowMs = world.clock.now();
  expect(world.labels.looks).toEqual([
    { fromMs: atMs - 2 * MINUTE_MS, toMs: atMs + 2 * MINUTE_MS },
    { fromMs: nowMs - 60 * MINUTE_MS, toMs: nowMs },
  ]);
});

it("rows without a request id say slot or version, time and how it turned out", async () => {
  const time = world.clock.now() - 5 * MINUTE_MS;
  const outcome = await feedback(
    world.context(),
    lines(
      { slot: "blue", correct: false, time },
      { modelVersion: "2", correct: true, time },
      { modelVersion: "3", correct: true, time },
      { slot: "green", loss: 0.5, time },
    ),
  );
  expect(outcome.taken).toBe(3);
  expect(outcome.sentence).toContain("1 left out: of a model version that no slot runs");
  expect((await entries()).map(({ slot, wrong }) => [slot, wrong])).toEqual([
    ["blue", true],
    ["green", false],
    ["green", undefined],
  ]);
});

it("a label whose answer was not logged is left out, and the reason is told", async () => {
  world.labels.predictions = [logged("a", { answer: undefined })];
  const { sentence } = await feedback(world.context(), lines({ requestId: "a", label: 4 }));
  expect(sentence).toBe("0 labels taken; 1 left out: its prediction has no answer in the log");
});

it("an id that was sent again and answered otherwise gives no label, and the answer says how many these were", async () => {
  world.labels.predictions = [logged("a"), logged("b")];
  world.labels.several = ["b"];
  const rows = lines({ requestId: "a", label: 4 }, { requestId: "b", correct: false });
  const outcome = await feedback(world.context(), rows);
  expect(outcome).toMatchObject({ taken: 1, notFound: 0 });
  expect(outcome.sentence).toMatch(
    /^1 labels taken; 1 left out: of a request id that the log has several times/,
  );
});

describe("the dashboard of a stack that compares labels", () => {
  beforeEach(() => {
    world = stack({ signals: [{ name: "wrong", source: { from: "labels", labelAfterMinutes: 60 } }] });
  });

  it("is told all that is known of the minutes, so that what is told again changes nothing", async () => {
    world.labels.predictions = ["a", "b", "c"].map((id) => logged(id));
    const minuteMs = Math.floor(logged("a").atMs / MINUTE_MS) * MINUTE_MS;
    await feedback(world.context(), lines({ requestId: "a", label: 4 }));
    await feedback(world.context(), lines({ requestId: "a", label: 4 }, { requestId: "b", label: 9 }));
    const told = (labels: number, wrong: number) => ({
      stack: "fraud-model/test",
      counts: [{ slot: "green", atMs: minuteMs, labels, wrong }],
    });
    expect(world.published).toMatchObject([told(1, 0), told(2, 1)]);
  });

  it("is told nothing that is older than CloudWatch takes", async () => {
    const old = new Date(world.clock.now() - 15 * 24 * 60 * MINUTE_MS).toISOString();
    const outcome = await feedback(
      world.context(),
      lines({ slot: "green", time: old, correct: false, id: "a" }),
    );
    expect(outcome).toMatchObject({ taken: 1, untold: undefined });
    expect(world.published).toEqual([]);
  });

  it("that cannot be told is said, and the labels are taken all the same", async () => {
    world.failing.publisher = "AccessDenied: not authorized";
    world.labels.predictions = [logged("a")];
    const outcome = await feedback(world.context(), lines({ requestId: "a", label: 4 }));
    expect(outcome).toMatchObject({ exitCode: 0, taken: 1, untold: "AccessDenied: not authorized" });
    expect(outcome.sentence).toBe(
      "1 labels taken; the dashboard was not told of them: AccessDenied: not authorized",
    );
  });
});

it("a stack that compares no labels pays for no metrics of them", async () => {
  world.labels.predictions = [logged("a")];
  await feedback(world.context(), lines({ requestId: "a", label: 4 }));
  expect(world.published).toEqual([]);
});
