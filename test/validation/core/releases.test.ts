import { describe, expect, test } from "vitest";
import type { Release } from "../../../contract/release/release.ts";
import { fastTrackOf, releasesOf, type UpdateRecord } from "../../../validation/core/releases.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

function release(id: string, state: Release["state"], minute: number, own: Partial<Release> = {}): Release {
  return {
    id,
    slot: "green",
    digest: `digest-${id}`,
    state,
    weight: 0,
    stepSince: at(minute),
    deadline: "",
    liveSince: "",
    approvedSteps: [],
    retreats: [],
    fastTrack: "",
    owner: "",
    reason: "",
    ...own,
  };
}

const update = (one: Release | undefined, succeeded = true): UpdateRecord => ({
  succeeded,
  message: "",
  release: one,
  modelVersion: one && `version of ${one.id}`,
});
/** The story as it was told, oldest first. */
const story = (...updates: readonly UpdateRecord[]) => releasesOf(updates.toReversed());

const promoted = (id: string, minute: number, own: Partial<Release> = {}) => [
  update(release(id, "deployed", minute, own)),
  update(release(id, "running", minute + 1, { ...own, weight: 10 })),
  update(release(id, "running", minute + 2, { ...own, weight: 100 })),
  update(release(id, "promoted", minute + 3, { ...own, weight: 100, reason: "all gates passed" })),
];
const rolledBack = (id: string, minute: number, own: Partial<Release> = {}) => [
  update(release(id, "deployed", minute, own)),
  update(release(id, "running", minute + 1, { ...own, weight: 10 })),
  update(release(id, "rolledBack", minute + 2, { ...own, reason: "too slow" })),
];

describe("releasesOf", () => {
  test("tells a promoted release with its shares, its reason and its duration", () => {
    expect(story(update(undefined), ...promoted("a", 0))).toEqual([
      {
        id: "a",
        slot: "green",
        image: "digest-a",
        digest: undefined,
        modelVersion: "version of a",
        outcome: "promoted",
        reason: "all gates passed",
        deployedAt: at(0),
        promotedAt: at(3),
        endedAt: at(3),
        seconds: 180,
        shares: [10, 100],
      },
    ]);
  });

  test("tells the newest first, and each that was rolled back with why", () => {
    const told = story(...promoted("a", 0), ...rolledBack("b", 10));
    expect(told).toMatchObject([
      {
        id: "b",
        outcome: "rolledBack",
        reason: "too slow",
        seconds: 120,
        shares: [10],
        promotedAt: undefined,
      },
      { id: "a", outcome: "promoted" },
    ]);
  });

  test("tells a release that was reverted after its promotion as rolled back, and when it was promoted", () => {
    const reverted = update(release("a", "rolledBack", 60, { reason: "manually" }));
    expect(story(...promoted("a", 0), reverted)).toMatchObject([
      { outcome: "rolledBack", reason: "manually", promotedAt: at(3), endedAt: at(60), seconds: 3600 },
    ]);
  });

  test("counts updates that leave the release alone, and failed ones, for nothing", () => {
    const [deployed, first, ...rest] = promoted("a", 0);
    if (deployed === undefined || first === undefined) throw new Error("no story");
    const told = story(
      deployed,
      deployed,
      first,
      { ...first, succeeded: false },
      first,
      ...rest,
      ...rest.slice(-1),
    );
    expect(told).toEqual(story(...promoted("a", 0)));
    expect(
      story(...rolledBack("a", 0).slice(0, 2), update(release("a", "promoted", 9), false)),
    ).toMatchObject([{ outcome: "inProgress", endedAt: undefined, seconds: undefined }]);
  });

  test("tells what was paused as in progress, with who paused it", () => {
    const paused = update(release("a", "paused", 1, { weight: 10, reason: "by ann: lunch" }));
    const told = story(...rolledBack("a", 0).slice(0, 2), paused);
    expect(told).toMatchObject([{ outcome: "inProgress", reason: "by ann: lunch", shares: [10] }]);
  });

  test("tells a candidate that another one was deployed over", () => {
    expect(story(update(release("a", "deployed", 0)), ...promoted("b", 5))).toMatchObject([
      { id: "b", outcome: "promoted" },
      { id: "a", outcome: "replaced", reason: "b was deployed instead", seconds: 300 },
    ]);
  });

  test("tells another release from the last one also where its deployment is not in the history", () => {
    const seen = update(release("b", "running", 9, { weight: 10 }));
    expect(story(...promoted("a", 0), seen)).toMatchObject([
      { id: "b", outcome: "inProgress", shares: [10] },
      { id: "a", outcome: "promoted", promotedAt: at(3) },
    ]);
  });

  test("counts everyone as a share of a release's way only when it was one of its steps", () => {
    const now = update(release("a", "promoted", 5, { weight: 100, reason: "by ann" }));
    expect(story(...rolledBack("a", 0).slice(0, 2), now)).toMatchObject([
      { outcome: "promoted", promotedAt: at(5), shares: [10] },
    ]);
  });

  test("keeps when and why a release was promoted, whatever later updates say of it", () => {
    const later = update(release("a", "promoted", 99, { weight: 100, reason: "restored" }));
    expect(story(...promoted("a", 0), later)).toEqual(story(...promoted("a", 0)));
  });

  test("takes the same id on a stack that was rebuilt for another release", () => {
    expect(story(...promoted("a", 0), update(release("a", "deployed", 90)))).toMatchObject([
      { outcome: "inProgress", deployedAt: at(90) },
      { outcome: "promoted", deployedAt: at(0) },
    ]);
  });
});

describe("fastTrackOf", () => {
  const again = release("again", "deployed", 900, { digest: "d" });
  const d = { digest: "d" };
  test.each([
    ["a digest that was promoted last", [promoted("a", 0, d)], 1, "a"],
    ["a digest that was promoted within the last two", [promoted("a", 0, d), promoted("b", 10)], 2, "a"],
    ["a digest that was promoted longer ago", [promoted("a", 0, d), promoted("b", 10)], 1, undefined],
    ["a digest that was never seen", [promoted("a", 0)], 5, undefined],
    ["a digest that was rolled back", [rolledBack("a", 0, d)], 5, undefined],
    ["a digest that was rolled back since", [promoted("a", 0, d), rolledBack("b", 10, d)], 5, undefined],
    [
      "a digest that was promoted again after it was rolled back",
      [rolledBack("a", 0, d), promoted("b", 10, d)],
      5,
      "b",
    ],
    [
      "a digest that was reverted after its promotion",
      [[...promoted("a", 0, d), update(release("a", "rolledBack", 60, d))]],
      5,
      undefined,
    ],
    [
      "a digest that was deployed in between and never tried",
      [promoted("a", 0, d), [update(release("b", "deployed", 10, d))]],
      1,
      "a",
    ],
    [
      "a digest whose last release alone has the id of this one, as on a stack that was rebuilt",
      [promoted("again", 0, d)],
      5,
      undefined,
    ],
    ["every digest where the policy allows none", [promoted("a", 0, d)], 0, undefined],
  ] as const)("knows %s", (_title, stories, within, expected) => {
    const releases = story(...stories.flat(), update(again));
    expect(fastTrackOf(releases, again, within)?.id).toBe(expected);
  });
});
