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
}

const LOG = { from: "log", numerator: "Wrong", denominator: "Answers" };
const slotOf = (request: MeasureRequest): Slot => (/green/.test(JSON.stringify(request)) ? "green" : "blue");

/** Why the signal holds, so many minutes after the split began. */
async function heldOf({ requests = () => 60, answers, source = LOG, service = {} }: Shown, minutes = 180) {
  const world = readable(
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
    { signals: [{ name: "wrong", source }], service },
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

  it("and not of a shadow, which ends with the candidate's first users", async () => {
    const source = { from: "agent", count: "shadow-disagreement" };
    const answers: OfMinute = (slot, minute) => (slot === "blue" && minute < 0 ? 30 : 0);
    const service = { agent: { front: {} } };
    expect(await heldOf({ answers, source, service })).toBeUndefined();
  });
});
