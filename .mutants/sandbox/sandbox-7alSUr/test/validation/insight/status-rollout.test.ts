import { describe, expect, test } from "vitest";
import { showStatus } from "../../../cli/view/status.ts";
import { status } from "../../../validation/insight/status.ts";
import { candidateReady, promoted, sharing, untested } from "../support/samples.ts";
import { World } from "../support/world.ts";

describe("status", () => {
  test.each([
    ["ended", "its rollout", "npx bluegreen rollout"],
    ["runs", "at work", "nothing: that rollout is at work; to stop it where it is: npx bluegreen pause"],
    [
      "unknown",
      "nobody can tell whether it still runs",
      "nothing, where that rollout still runs; where it has ended: npx bluegreen rollout --force-ownership",
    ],
  ] as const)("says of the rollout of a running release that it %s", async (fate, words, next) => {
    const raw = sharing(10);
    const owner = "ann@box:7 since 2026-01-01T00:00:00.000Z run r1";
    const world = new World({ ...raw, release: { ...raw.release, owner } });
    const seen = await status(world.context(), {
      fateOfRun: (run) => (run === "r1" ? fate : "unknown"),
    });
    expect(seen.sentence).toContain(words === "its rollout" ? "nobody is at work on it" : words);
    expect(seen.next).toBe(next);
  });

  test.each([
    ["a candidate without users", candidateReady(), "nothing: that rollout is at work"],
    ["an untested one", untested(), "nothing: that rollout is at work"],
    ["a promoted one whose tasks it still lowers", promoted(), "nothing: that rollout is at work"],
  ] as const)("knows of a rollout that has just begun with %s", async (_what, raw, next) => {
    const world = new World(raw);
    const look = { at: "2026-01-01T00:01:00.000Z", sentence: "green at 0 %: not ready for users" };
    const owner = "ann@box:7 since 2026-01-01T00:00:00.000Z run r1";
    const works = () => [
      { run: "r0", owner: "eve@box:6 since 2026-01-01T00:00:00.000Z run r0" },
      { run: "r1", owner, look: { ...look, nextAt: "2026-01-01T00:02:00.000Z" } },
    ];
    const fateOfRun = (run: string) => (run === "r1" ? ("runs" as const) : ("ended" as const));
    const seen = await status(world.context(), { fateOfRun, works });
    expect(seen.next).toBe(next);
    expect(seen.rollout).toMatchObject({ owner, standing: "alive", look });
    expect(showStatus(seen)).toContain("ann@box (process 7 on box, since 2026-01-01T00:00:00.000Z), at work");
    expect(showStatus(seen)).toContain("last check at 00:01:00: green at 0 %: not ready for users");
    expect(showStatus(seen)).toContain("next check at 00:02:00");
    const ended = await status(world.context(), { fateOfRun: () => "ended", works });
    expect(ended.next).not.toBe(next);
    expect(ended.rollout).toBeUndefined();
  });
});
