import { describe, expect, test } from "vitest";
import {
  GATES_TAG,
  RETREAT_TAG,
  REVERT_TAG,
  WATCHDOG_TAG,
  writeMark,
} from "../../../contract/route/route-tags.ts";
import { leaveMark, rollbackMark } from "../../../validation/rollback/rollback-mark.ts";
import { candidateReady, promoted, sharing } from "../support/samples.ts";
import { ROUTE_ARN, World } from "../support/world.ts";

const SECOND = 1_000;
type Tag = typeof WATCHDOG_TAG | typeof REVERT_TAG | typeof GATES_TAG | typeof RETREAT_TAG;

/** `seconds`: after the last update, which is also when the release got its share. */
interface Left {
  readonly tag: Tag;
  readonly seconds: number;
  readonly releaseId?: string;
}

async function found(raw: Record<string, unknown>, ...left: readonly Left[]) {
  const world = new World(raw);
  const id = world.config.release?.id ?? "";
  for (const { tag, seconds, releaseId = id } of left) {
    const atMs = world.deployedMs + seconds * SECOND;
    world.tags = { ...world.tags, [tag]: writeMark({ releaseId, atMs, reason: `by ${tag}` }) };
  }
  return (await rollbackMark(world.context(), world.deployed()))?.by;
}

describe("what the route remembers of users that were moved back", () => {
  test.each<readonly [string, readonly Left[], string | undefined]>([
    ["nothing", [], undefined],
    ["the watchdog's mark", [{ tag: WATCHDOG_TAG, seconds: 60 }], "watchdog"],
    ["a revert's mark", [{ tag: REVERT_TAG, seconds: 60 }], "revert"],
    ["the gates' mark", [{ tag: GATES_TAG, seconds: 60 }], "gates"],
    ["a retreat's mark from after the share", [{ tag: RETREAT_TAG, seconds: 60 }], "retreat"],
    ["a retreat's mark from an earlier share", [{ tag: RETREAT_TAG, seconds: -60 }], undefined],
    ["a retreat's mark of the very moment of the share", [{ tag: RETREAT_TAG, seconds: 0 }], undefined],
    ["a mark of another release", [{ tag: REVERT_TAG, seconds: 60, releaseId: "v1-g1" }], undefined],
  ])("is, with %s, what it tells of the release that is open", async (_title, left, by) => {
    expect(await found(sharing(50), ...left)).toBe(by);
  });

  test.each<readonly [Tag, Tag, string]>([
    [WATCHDOG_TAG, REVERT_TAG, "revert"],
    [REVERT_TAG, WATCHDOG_TAG, "watchdog"],
    [REVERT_TAG, RETREAT_TAG, "retreat"],
    [RETREAT_TAG, WATCHDOG_TAG, "watchdog"],
  ])("is the newest of several: after %s came %s", async (earlier, later, by) => {
    const left = [
      { tag: earlier, seconds: 60 },
      { tag: later, seconds: 61 },
    ];
    expect(await found(sharing(50), ...left)).toBe(by);
  });

  test("is the gates' verdict, whoever moved the users once more", async () => {
    const left: readonly Left[] = [
      { tag: GATES_TAG, seconds: 60 },
      { tag: WATCHDOG_TAG, seconds: 61 },
      { tag: REVERT_TAG, seconds: 62 },
    ];
    expect(await found(sharing(50), ...left)).toBe("gates");
  });

  test("is nothing of a release that has ended", async () => {
    expect(await found(promoted(), { tag: REVERT_TAG, seconds: 60 })).toBeUndefined();
  });

  test.each([
    [1, "watchdog"],
    [0, undefined],
    [-1, undefined],
  ])("of a share without a release counts only from after the last update: %i s", async (seconds, by) => {
    const { release: _, ...manual } = sharing(50);
    const left = { tag: WATCHDOG_TAG, seconds, releaseId: "manual" } as const;
    expect(await found(manual, left)).toBe(by);
  });

  test("of a retreat is nothing where no release says since when it has its share", async () => {
    const { release: _, ...manual } = sharing(50);
    const left = { tag: RETREAT_TAG, seconds: 60, releaseId: "manual" } as const;
    expect(await found(manual, left)).toBeUndefined();
  });
});

describe("a mark that is left", () => {
  const MARK = { releaseId: "v2-g3", atMs: 0, reason: "bad" };

  test("is on the route, and nobody is told of it", async () => {
    const world = new World(candidateReady());
    await leaveMark(world.context(), ROUTE_ARN, { tag: REVERT_TAG, ...MARK });
    expect(world.tags[REVERT_TAG]).toBe(writeMark(MARK));
    expect(world.events).toEqual([]);
  });

  test.each([
    [REVERT_TAG, "that users were rolled back", "a rollout that still runs may give them away again"],
    [GATES_TAG, "that the gates rolled users back", "a rollout that still runs may give them away again"],
    [RETREAT_TAG, "that the release goes on", "the next step ends it"],
  ] as const)("says what follows when %s cannot be written", async (tag, without, then) => {
    const world = new World(candidateReady());
    const context = world.context();
    const route = { ...context.route, tag: () => Promise.reject(new Error("AccessDenied")) };
    await leaveMark({ ...context, route }, ROUTE_ARN, { tag, ...MARK });
    const message = `the route's tags could not say ${without} (AccessDenied): ${then}`;
    expect(world.events).toEqual([{ kind: "note", message }]);
  });
});
