import { describe, expect, it } from "vitest";
import type { MeasureRequest } from "../../../validation/measures.ts";
import { MINUTE, readable } from "../support/readable.ts";

type Slot = "blue" | "green";
/** Requests, or what is counted, of a slot in a minute of the split; before the split the minute is below 0. */
type OfMinute = (slot: Slot, minute: number) => number;

interface Shown {
  readonly requests?: OfMinute;
  readonly answers: OfMinute;
  readonly source?: object;
  readonly service?: object;
  /** A source of rows has one of a minute with a count, once the minute is so many minutes old. */
  readonly rowsAfter?: number;
}

const DAY = 24 * 60;
const LOG = { from: "log", numerator: "Wrong", denominator: "Answers" };
const slotOf = (request: MeasureRequest): Slot => (/green/.test(JSON.stringify(request)) ? "green" : "blue");

/** Why the signal holds, so many minutes after the split began. */
async function heldOf(
  { requests = () => 60, answers, source = LOG, service = {}, rowsAfter = 0 }: Shown,
  minutes = 180,
) {
  const rows = () =>
    (["blue", "green"] as const)
      .flatMap((slot) =>
        Array.from({ length: DAY + minutes - rowsAfter }, (_, index) => index - DAY)
          .filter((minute) => answers(slot, minute) > 0)
          .map((minute) =>
            JSON.stringify({
              slot,
              minute: world.at(minute),
              numerator: 0,
              denominator: answers(slot, minute),
            }),
          ),
      )
      .join("\n");
  const world: ReturnType<typeof readable> = readable(
    (request, atMs) => {
      const [query] = request.queries;
      const minute = Math.round((atMs - world.startMs) / MINUTE);
      const name = query !== undefined && "metricName" in query ? query.metricName : "";
      const value =
        name === "RequestCount"
          ? requests(slotOf(request), minute)
          : ["Answers", "ShadowPairs"].includes(name)
            ? answers(slotOf(request), minute)
            : 0;
      return value === 0 ? undefined : value;
    },
    { signals: [{ name: "wrong", source }], service, rows: async () => ({ readable: true, value: rows() }) },
  );
  // Its clock is ten minutes after the start, and at a first look the last five may still change.
  world.world.clock.advance((minutes - 10 + 5) * MINUTE);
  const { data } = await world.read({ active: "a", attempt: 1, windows: [{ from: world.at(0) }] });
  return data.signals[0]?.held;
}

describe("a signal that is counted no more holds, and says since when", () => {
  it("when the candidate stops after five minutes", async () => {
    const answers: OfMinute = (slot, minute) => (slot === "blue" || minute < 5 ? 30 : 0);
    expect(await heldOf({ answers })).toBe(
      "nothing was counted of green in the last 175 minutes, in which it had 10500 requests; about 5250 were due",
    );
  });

  it("when the active slot stops: there is nothing to compare with", async () => {
    const answers: OfMinute = (slot, minute) => (slot === "green" || minute < 5 ? 30 : 0);
    expect(await heldOf({ answers })).toMatch(
      /^nothing was counted of blue in the last 175 minutes, in which it had 10500 requests; about \d+ were due$/,
    );
  });

  it("when the active slot has counted it only before the release", async () => {
    const answers: OfMinute = (slot, minute) => (slot === "blue" && minute < 0 ? 30 : 0);
    expect(await heldOf({ answers })).toMatch(/^nothing was counted of blue in the last 180 minutes, /);
  });

  it("and not while both count it, nor when a few minutes are late", async () => {
    expect(await heldOf({ answers: () => 30 })).toBeUndefined();
    expect(await heldOf({ answers: (_slot, minute) => (minute < 172 ? 30 : 0) })).toBeUndefined();
    expect(await heldOf({ answers: (_slot, minute) => (minute < 169 ? 30 : 0) })).toMatch(
      /of blue in the last 11 minutes/,
    );
  });

  it("and not where no requests came since, as when the users sleep", async () => {
    const isAwake: OfMinute = (_slot, minute) => (minute < 100 ? 60 : 0);
    expect(await heldOf({ requests: isAwake, answers: isAwake })).toBeUndefined();
  });

  it("and not where so few were due that chance explains it: a rare signal", async () => {
    const rare: OfMinute = (slot, minute) => (slot === "blue" || minute < 5 ? 1 / 20 : 0);
    expect(await heldOf({ answers: rare })).toBeUndefined();
    expect(await heldOf({ answers: rare }, 360)).toMatch(/^nothing was counted of green in the last 355 /);
  });

  it("and not between two publications of a container that counts for ten minutes at a time", async () => {
    const answers: OfMinute = (_slot, minute) => (minute % 10 === 0 ? 300 : 0);
    expect(await heldOf({ answers }, 179)).toBeUndefined();
  });
});

describe.each([
  ["command", { from: "command", command: ["python3", "warehouse.py"] }],
  ["url", { from: "url", url: "https://warehouse.example/rows" }],
])("a source of rows, %s, holds", (_from, source) => {
  it("when it answers without a row: a wrong filter looks like that", async () => {
    expect(await heldOf({ answers: () => 0, source })).toBe(
      "nothing was counted of blue in 180 minutes in which it had 10800 requests, nor in the day before: there is nothing to compare with",
    );
  });

  it("when it has rows of the day before only", async () => {
    const answers: OfMinute = (slot, minute) => (slot === "blue" && minute < 0 ? 30 : 0);
    expect(await heldOf({ answers, source }, 15)).toMatch(/^nothing was counted of blue in the last 15 min/);
  });

  it("when it has rows of one slot no more", async () => {
    const answers: OfMinute = (slot, minute) => (slot === "blue" || minute < 5 ? 30 : 0);
    expect(await heldOf({ answers, source })).toMatch(
      /^nothing was counted of green in the last 175 minutes/,
    );
  });

  it("when it has rows of neither slot for more than an hour", async () => {
    expect(await heldOf({ answers: () => 30, source, rowsAfter: 80 })).toMatch(
      /^nothing was counted of blue in the last \d+ minutes/,
    );
  });

  it("and not when they come late, as from a warehouse", async () => {
    expect(await heldOf({ answers: () => 30, source, rowsAfter: 50 })).toBeUndefined();
  });

  it("and not before there is a minute of which a row may be expected", async () => {
    expect(await heldOf({ answers: () => 0, source }, 0)).toBeUndefined();
  });
});
