import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ConsoleState } from "../../../cli/console/state/console-state.ts";
import type { NextCheck } from "../../../cli/console/state/next-check.ts";
import type { SlotStatus } from "../../../validation/insight/status.ts";
import { cannedState } from "./support/canned-state.ts";

// The page's modules are JavaScript of a browser, which the tests' compiler does not read.
const words: {
  standing: (state: ConsoleState) => { readonly tone: string; readonly words: string };
  nothingCompared: (state: ConsoleState) => string;
  nothingChecked: (state: ConsoleState) => string;
} = await import(join(import.meta.dirname, "../../../cli/console/page/words.js"));
const { standing, nothingCompared, nothingChecked } = words;

const GOOD = { "error-rate": "OK", "healthy-hosts": "OK", "out-of-service": "OK" };

/** A release at 10 % that is read whole, and of which all is well so far. */
function state(nextCheck: Partial<NextCheck> | undefined, more: Partial<ConsoleState> = {}): ConsoleState {
  const canned = cannedState();
  const { status } = canned;
  if (status === undefined || canned.nextCheck === undefined) throw new Error("the canned state has both");
  const { blue, green } = status.slots;
  const slots = { blue: { ...blue, alarms: GOOD }, green: { ...green, alarms: GOOD } };
  return {
    ...canned,
    status: { ...status, slots, drift: [], warnings: [] },
    nextCheck: nextCheck && { ...canned.nextCheck, ...nextCheck },
    unreadable: [],
    ...more,
  };
}

/** No release; blue has everyone. */
function settled(blue: Partial<SlotStatus>): ConsoleState {
  const { status, ...rest } = state(undefined);
  if (status === undefined) throw new Error("the canned state has one");
  const slots = {
    blue: { ...status.slots.blue, liveShare: 100, ...blue },
    green: { ...status.slots.green, liveShare: 0, alarms: { "error-rate": "INSUFFICIENT_DATA" } },
  };
  return { ...rest, status: { ...status, slots, release: undefined } };
}

const hold = (why: string, gates: NextCheck["gates"] = [], ownGates: readonly string[] = []) =>
  state({ verdict: "hold", why, gates, ownGates });

const gate = (name: string, kind: "fail" | "unreadable", about: "candidate" | "baseline" = "candidate") => ({
  gate: name,
  about,
  answer:
    kind === "fail"
      ? ({ kind, reason: "", evidence: {} } as const)
      : ({ kind: "noAnswer", cause: kind, reason: `${name}: no answer`, evidence: {} } as const),
});

describe("the headline of the console", () => {
  it("is well where everything was read and every alarm of a slot with users says so", () => {
    expect(standing(settled({ alarms: GOOD }))).toEqual({ tone: "good", words: "Well" });
  });

  it.each(["missing", "INSUFFICIENT_DATA", "EVALUATION_ERROR"])(
    "does not know where one alarm of a slot with users is %s",
    (silent) => {
      expect(standing(settled({ alarms: { ...GOOD, "error-rate": silent } }))).toEqual({
        tone: "unknown",
        words: "blue has users, and alarms without a verdict",
      });
    },
  );

  it("takes a warm-up, and a healthy slot that was unhealthy, for nothing unusual", () => {
    const alarms = { ...GOOD, "out-of-service": "IN_WARM_UP", "healthy-hosts": "recovering" };
    expect(standing(settled({ alarms })).words).toBe("Well");
  });

  it("does not know where the look could not be read", () => {
    expect(standing(state(undefined, { unreadable: ["look: throttled"] }))).toEqual({
      tone: "unknown",
      words: "Not all could be read",
    });
  });

  it("is not well while no check looks at a release that is open", () => {
    expect(standing(state(undefined))).toEqual({ tone: "wait", words: "Nothing is checked now" });
  });

  it.each([
    ["unreadable", "unknown", "Not all could be read"],
    ["baseline-failing", "bad", "The active slot fails"],
    ["doubt", "wait", "In doubt"],
    ["not-ready", "wait", "Not ready for its first users"],
    ["baking", "wait", "Good so far, not proven yet"],
  ])("calls a check that holds by what it holds for: %s", (why, tone, said) => {
    const gates = why === "unreadable" ? [gate("error-rate", "unreadable")] : [];
    expect(standing(hold(why, gates))).toEqual({ tone, words: said });
  });

  it("does not call a step that is still watched good where a gate says otherwise", () => {
    const said = (...gates: NextCheck["gates"]) => standing(hold("baking", gates)).words;
    expect(said(gate("error-rate", "unreadable"))).toBe("Not all could be read");
    expect(said(gate("unanswered-rate", "fail"))).toBe("In doubt");
    expect(said(gate("baseline", "fail", "baseline"))).toBe("The active slot fails");
    expect(said({ ...gate("error-rate", "unreadable"), dryRun: true })).toBe("Good so far, not proven yet");
  });

  it("tells gates that it never asks from gates that could not be read", () => {
    const own = gate("revenue", "unreadable");
    expect(standing(hold("unreadable", [own], ["revenue"])).words).toBe(
      "Good so far; your own gates are not asked here",
    );
    expect(standing(hold("unreadable", [own, gate("cpu", "unreadable")], ["revenue"])).words).toBe(
      "Not all could be read",
    );
  });
});

describe("the part of the evidence", () => {
  it("says that it could not be read, and not that nothing is compared yet", () => {
    const why = "What is compared could not be read: ";
    expect(nothingCompared(state(undefined, { unreadable: ["look: throttled"] }))).toBe(`${why}throttled`);
    expect(nothingCompared(hold("unreadable", [gate("comparison", "unreadable")]))).toBe(
      `${why}comparison: no answer`,
    );
    expect(nothingCompared(hold("baking"))).toMatch(/^Nothing is compared yet/);
  });
});

it("the part of the next check says that it could not be read, and not that nothing is checked", () => {
  expect(nothingChecked(state(undefined, { unreadable: ["look: throttled"] }))).toBe(
    "What a check would find could not be read: throttled",
  );
  expect(nothingChecked(state(undefined))).toBe("Nothing is checked now.");
});
