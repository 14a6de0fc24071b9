import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { lockHolders } from "../../../validation/adapters/lock-holders.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const here = { host: "here", nowMs: () => NOW, isAlive: (pid: number) => pid === 1 };
const locked = (by: string) =>
  `error: the stack is currently locked by 1 lock(s). Either wait …\n  file:///x.json: created by ${by}`;

describe("lockHolders", () => {
  test.each([
    ["a living process of this host", "ann@here (pid 1) at 2026-11-21T09:59:00Z", "ann@here (pid 1)", false],
    ["a dead process of this host", "ann@here (pid 2) at 2026-11-21T09:59:00Z", "ann@here (pid 2)", true],
    [
      "a process elsewhere, which nobody can see",
      "ci@there (pid 2) at 2026-11-21T09:59:00Z",
      "ci@there (pid 2)",
      false,
    ],
    [
      "an update that is older than any may be",
      "ci@there (pid 2) at 2026-11-21T09:29:00Z",
      "ci@there (pid 2)",
      true,
    ],
  ])("judges %s", (_title, by, who, dead) => {
    expect(lockHolders(locked(by), here)).toEqual([{ who, dead }]);
  });

  test("names each holder once, although Pulumi's message may come twice", () => {
    const both = locked("ann@here (pid 1) at 2026-11-21T09:59:00Z");
    expect(lockHolders(`${both}\n${both}`, here)).toHaveLength(1);
  });

  test("calls nobody dead whom Pulumi does not name", () => {
    const conflict = "[409] Conflict: Another update is currently in progress.";
    expect(lockHolders(conflict, here)).toEqual([{ who: "another update", dead: false }]);
  });

  test("says nothing about other failures", () => {
    expect(lockHolders("error: update failed", here)).toBeUndefined();
  });

  test("knows that this very process is alive", () => {
    const [holder] =
      lockHolders(locked(`me@${hostname()} (pid ${process.pid}) at ${new Date().toISOString()}`)) ?? [];
    expect(holder?.dead).toBe(false);
  });
});
