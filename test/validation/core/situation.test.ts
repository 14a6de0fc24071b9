import { describe, expect, test } from "vitest";
import { situationOf } from "../../../validation/core/situation.ts";
import { candidateReady, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const blue = (percent: number) => ({ blue: percent, green: 100 - percent });
const rolledBack = () => ({
  ...candidateReady(),
  release: { ...candidateReady().release, state: "rolledBack" },
});
const COHORT = { name: "internal", bakeMinutes: 60 };
const withCohort = (state: string) => ({
  ...candidateReady(),
  release: { ...candidateReady().release, state, weight: 0, cohort: COHORT },
});

describe("situationOf", () => {
  const table: readonly (readonly [string, Record<string, unknown>, number, object])[] = [
    ["a stack at rest", oneModel(), 100, { kind: "settled" }],
    ["a promoted release at rest", promoted(), 0, { kind: "settled" }],
    ["a candidate without users", candidateReady(), 100, { kind: "starting" }],
    ["a running release in step", sharing(10), 90, { kind: "sharing", share: 10 }],
    ["a revert that Pulumi does not know of", sharing(10), 100, { kind: "reverted", to: "blue" }],
    ["a share that was lowered behind Pulumi's back", sharing(50), 90, { kind: "drift" }],
    ["a share that was raised behind Pulumi's back to what is no step", sharing(10), 63, { kind: "drift" }],
    ["a promotion that was cut off", sharing(10), 0, { kind: "cutOff" }],
    ["a candidate that was given users behind Pulumi's back", candidateReady(), 0, { kind: "drift" }],
    ["an advance that was cut off", sharing(10), 50, { kind: "cutOff" }],
    ["a first share that was cut off", candidateReady(), 90, { kind: "cutOff" }],
    [
      "a revert after promotion that Pulumi does not know of",
      promoted(),
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a stack without a release whose users somebody took to the other slot",
      oneModel(),
      0,
      { kind: "drift" },
    ],
    [
      "a candidate that waits, whatever share its release names",
      { ...candidateReady(), release: { ...candidateReady().release, weight: 10 } },
      100,
      { kind: "starting" },
    ],
    [
      "a share that is on the route alone, under a running release",
      { ...sharing(10), greenWeight: 0 },
      80,
      { kind: "manual", share: 20 },
    ],
    [
      "a candidate with a cohort and no users yet",
      withCohort("running"),
      100,
      { kind: "cohort", cohort: COHORT },
    ],
    ["the same, paused", withCohort("paused"), 100, { kind: "cohort", cohort: COHORT }],
    ["a candidate whose cohort comes with its rollout", withCohort("deployed"), 100, { kind: "starting" }],
    ["a promoted slot that shares for no known reason", promoted(), 30, { kind: "drift" }],
    ["users on a slot that was rolled back", rolledBack(), 90, { kind: "drift" }],
    [
      "a traffic share shifted manually",
      { ...oneModel(), ...candidateReady(), release: {}, greenWeight: 20 },
      80,
      { kind: "manual", slot: "green", share: 20 },
    ],
    [
      "a traffic share shifted manually and rolled back in an emergency",
      { ...candidateReady(), release: {}, greenWeight: 20 },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a traffic share shifted manually to a candidate and rolled back in an emergency",
      { ...candidateReady(), greenWeight: 20 },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a share raised manually under a running release",
      { ...sharing(10), greenWeight: 20 },
      80,
      { kind: "manual", share: 20 },
    ],
    [
      "a share rolled back manually under a running release",
      { ...sharing(10), greenWeight: 0 },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a paused release",
      { ...sharing(10), release: { ...sharing(10).release, state: "paused" } },
      90,
      { kind: "paused", share: 10 },
    ],
    [
      "a first model that is not yet promoted",
      { ...oneModel(), release: { ...candidateReady().release, slot: "blue" } },
      100,
      { kind: "firstModel" },
    ],
    [
      "a candidate that a person has made the active slot",
      { ...candidateReady(), activeSlot: "green" },
      0,
      { kind: "firstModel" },
    ],
    [
      "a running release that a person has made the active slot",
      { ...sharing(50), greenWeight: 0, activeSlot: "green" },
      0,
      { kind: "firstModel" },
    ],
    [
      "such a candidate, rolled back in an emergency",
      { ...candidateReady(), activeSlot: "green" },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a running release that a person has made the active slot, rolled back in an emergency",
      { ...sharing(50), greenWeight: 0, activeSlot: "green" },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a model that was rolled back and has everyone by a person's word, left in an emergency",
      { ...rolledBack(), activeSlot: "green" },
      100,
      { kind: "reverted", to: "blue" },
    ],
    [
      "a candidate that a person has made the active slot, and somebody has given a part of it away",
      { ...candidateReady(), activeSlot: "green" },
      40,
      { kind: "drift" },
    ],
  ];
  test.each(table)("knows %s", (_title, raw, liveBlue, expected) => {
    expect(situationOf(new World(raw).config, blue(liveBlue))).toMatchObject(expected);
  });

  test("calls weights that are no whole percents drift", () => {
    expect(situationOf(new World(sharing(10)).config, undefined)).toMatchObject({ kind: "drift" });
  });
});
