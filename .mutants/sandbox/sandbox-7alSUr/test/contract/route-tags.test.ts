import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../support/project.ts";
import type { Release } from "../../contract/release/release.ts";
import {
  guardsManualShares,
  readReleaseTags,
  readRouteTags,
  readWatchdogMark,
  routeTags,
  WATCHDOG_TAG,
  writeMark,
} from "../../contract/route/route-tags.ts";
import { ROUTE_TAGS } from "../../contract/route/route.ts";

const SINCE = "2026-01-01T00:00:00.000Z";
const DEADLINE = "2026-01-01T01:00:00.000Z";
const release: Release = {
  id: "v3-g9",
  slot: "green",
  digest: "d",
  state: "running",
  weight: 10,
  stepSince: SINCE,
  deadline: DEADLINE,
  liveSince: "",
  approvedSteps: [],
  retreats: [],
  fastTrack: "",
  owner: "",
  reason: "",
};
const remembered = (own: Partial<Release> = {}) =>
  routeTags(
    { project: PROJECT, stack: "prod" },
    {
      activeSlot: "blue",
      release: { ...release, ...own },
      service: { stickinessSeconds: 600 },
      rollout: { atDeadline: "revert", steps: [10, 50, 100], watchdogManual: true },
    },
  );

describe("the route's tags", () => {
  it("remember what a revert needs without Pulumi", () => {
    expect(readRouteTags(remembered())).toEqual({
      stack: "prod",
      project: PROJECT,
      activeSlot: "blue",
      releaseSlot: "green",
      stickinessSeconds: 600,
    });
  });

  it("remember what the watchdog needs", () => {
    expect(readReleaseTags(remembered())).toEqual({
      id: "v3-g9",
      slot: "green",
      state: "running",
      firstShareMs: Date.parse(SINCE),
      deadlineMs: Date.parse(DEADLINE),
      atDeadline: "revert",
    });
    const later = readReleaseTags(remembered({ weight: 50 }));
    expect(later?.firstShareMs).toBeUndefined();
    expect(guardsManualShares(remembered())).toBe(true);
  });

  it("name no moving release once it is over, nor a deadline that it does not have", () => {
    expect(readReleaseTags(remembered({ state: "promoted" }))).toBeUndefined();
    expect(readReleaseTags(remembered({ state: "rolledBack" }))).toBeUndefined();
    expect(readReleaseTags(remembered({ deadline: "" }))?.deadlineMs).toBeUndefined();
  });

  it("of an earlier version are read as those of a stack that nobody moves at a deadline", () => {
    const { [ROUTE_TAGS.deadline]: _, [ROUTE_TAGS.atDeadline]: __, ...old } = remembered();
    expect(readReleaseTags(old)).toMatchObject({ deadlineMs: undefined, atDeadline: "hold" });
  });

  it("of another route are not taken for ours", () => {
    expect(readRouteTags({})).toBeUndefined();
    expect(readRouteTags({ ...remembered(), "deploy:active-slot": "purple" })).toBeUndefined();
    expect(readReleaseTags({})).toBeUndefined();
  });

  it("are values that the load balancer takes", () => {
    for (const value of Object.values(remembered())) expect(value).toMatch(/^[\p{L}\p{N} _.:/=+@-]{0,255}$/u);
  });
});

describe("the watchdog's mark", () => {
  it("is read back, without what a tag may not hold", () => {
    const atMs = Date.parse(DEADLINE);
    const mark = { releaseId: "v3-g9", atMs, reason: "error-rate was 20 % (0.2 > 0.05), alarm" };
    expect(readWatchdogMark({ [WATCHDOG_TAG]: writeMark(mark) })).toEqual({
      ...mark,
      reason: "error-rate was 20 0.2 0.05 alarm",
    });
  });

  it("fits a tag whatever the reason is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: "grapheme" }), (reason) => {
        const value = writeMark({ releaseId: "v3-g9", atMs: 0, reason });
        expect(value).toMatch(/^[\p{L}\p{N} _.:/=+@-]{0,255}$/u);
        expect(readWatchdogMark({ [WATCHDOG_TAG]: value })?.releaseId).toBe("v3-g9");
      }),
      { numRuns: 50 },
    );
  });

  it("is as long as the stricter of ELB's two documents lets a value be, in whole letters", () => {
    const marked = (reason: string) => writeMark({ releaseId: "v3-g9", atMs: 0, reason });
    expect(marked("x".repeat(400)).length).toBe(255);
    expect([...marked("\u{20000}".repeat(400))].length).toBe(255);
    expect(marked("\u{20000}".repeat(400)).isWellFormed()).toBe(true);
  });

  it("is none when nobody wrote one", () => {
    expect(readWatchdogMark({})).toBeUndefined();
    expect(readWatchdogMark({ [WATCHDOG_TAG]: "something else" })).toBeUndefined();
  });
});
