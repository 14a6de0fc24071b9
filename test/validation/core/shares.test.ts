import { describe, expect, test } from "vitest";
import type { Release } from "../../../contract/release/release.ts";
import type { UpdateRecord } from "../../../validation/core/releases.ts";
import { estimatedShares, sharesOf } from "../../../validation/core/shares.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";
import { MINUTE, raw } from "./comparison/support.ts";

const START = Date.UTC(2026, 0, 1);
const at = (minute: number) => START + minute * MINUTE;
const iso = (minute: number) => new Date(at(minute)).toISOString();

const { release: running } = new World(sharing(10)).config;
if (running === undefined) throw new Error("the sample has no release");

const update = (
  state: Release["state"],
  weight: number,
  minute: number,
  own: Partial<Release> = {},
): UpdateRecord => ({
  succeeded: true,
  message: "",
  release: { ...running, state, weight, stepSince: iso(minute), liveSince: "", ...own },
  modelVersion: undefined,
});
/** As `minute: percent`, of a story that is told oldest first. */
const shares = (...updates: readonly UpdateRecord[]) =>
  sharesOf(updates.toReversed(), "green").map(
    ({ fromMs, percent }) => `${(fromMs - START) / MINUTE}: ${percent}`,
  );

describe("the shares that a slot's releases asked for", () => {
  const table: readonly (readonly [string, readonly UpdateRecord[], readonly string[]])[] = [
    [
      "each share from its step on",
      [update("deployed", 0, 0), update("running", 10, 1), update("running", 50, 6)],
      ["0: 0", "1: 10", "6: 50"],
    ],
    [
      "a share from when users had it, where that is known",
      [update("running", 10, 1, { liveSince: iso(3) })],
      ["3: 10"],
    ],
    [
      "one share for all updates that left it alone",
      [update("running", 10, 1), update("paused", 10, 4), update("running", 10, 5)],
      ["1: 10"],
    ],
    [
      "everyone from the promotion on",
      [update("running", 50, 1), update("promoted", 50, 6)],
      ["1: 50", "6: 100"],
    ],
    [
      "nobody once it was rolled back",
      [update("running", 50, 1), update("rolledBack", 50, 6)],
      ["1: 50", "6: 0"],
    ],
    [
      // The end leaves `liveSince` in the release as the pause wrote it.
      "everyone from the promotion on, also after a pause",
      [
        update("running", 50, 1),
        update("paused", 50, 3, { liveSince: iso(2) }),
        update("promoted", 100, 6, { liveSince: iso(2) }),
      ],
      ["1: 50", "6: 100"],
    ],
    [
      "nobody from the rollback on, also after a pause",
      [
        update("running", 50, 1),
        update("paused", 50, 3, { liveSince: iso(2) }),
        update("rolledBack", 0, 6, { liveSince: iso(2) }),
      ],
      ["1: 50", "6: 0"],
    ],
    [
      "nothing for an update that failed",
      [update("running", 10, 1), { ...update("running", 50, 6), succeeded: false }],
      ["1: 10"],
    ],
    ["nothing for an update without a release", [{ ...update("running", 10, 1), release: undefined }], []],
    ["nothing for a release of the other slot", [update("running", 10, 1, { slot: "blue" })], []],
    ["nothing for a time that is none", [update("running", 10, 1, { stepSince: "yesterday" })], []],
    ["nothing where nothing was updated", [], []],
  ];
  test.each(table)("tell %s", (_title, updates, expected) => {
    expect(shares(...updates)).toEqual(expected);
  });
});

type Requests = readonly [candidate: number, active: number];
const times = (count: number, minute: Requests) => Array.from({ length: count }, () => minute);
const estimated = (minutes: readonly Requests[], steps: readonly number[] = [10, 50, 100]) =>
  estimatedShares(
    minutes.map(([candidate, active], minute) => ({
      atMs: at(minute),
      candidate: raw({ requests: candidate }),
      active: raw({ requests: active }),
    })),
    steps,
  ).map(({ fromMs, percent }) => `${(fromMs - START) / MINUTE}: ${percent}`);

describe("shares that nobody wrote down", () => {
  test("are the steps that are nearest to the requests of five minutes around each", () => {
    const minutes = [
      ...times(3, [0, 100]),
      ...times(5, [10, 90]),
      ...times(5, [50, 50]),
      ...times(5, [100, 0]),
    ];
    expect(estimated(minutes)).toEqual(["1: 10", "8: 50", "13: 100"]);
  });

  test("do not fall where fewer requests come for a while", () => {
    const minutes = [...times(5, [50, 50]), ...times(10, [8, 92]), ...times(5, [52, 48])];
    expect(estimated(minutes)).toEqual(["0: 50"]);
  });

  test("weigh minutes by their requests", () => {
    expect(
      estimated([
        [1, 0],
        [9, 90],
        [0, 0],
      ]),
    ).toEqual(["0: 10"]);
  });

  test("are the lower step half way between two", () => {
    expect(estimated([[30, 70]], [10, 50])).toEqual(["0: 10"]);
    expect(estimated([[31, 69]], [10, 50])).toEqual(["0: 50"]);
  });

  test("are not known before the candidate's first request", () => {
    expect(estimated([])).toEqual([]);
    expect(estimated(times(5, [0, 100]))).toEqual([]);
    expect(estimated(times(5, [0, 0]))).toEqual([]);
  });
});
