import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { isAlive, lockHolders } from "../../../validation/adapters/lock-holders.ts";

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

  // As Pulumi 3.260 wrote it after a `kill -9`, on the file backend.
  test.each([
    [
      "a file",
      "file:///home/ann/.local/backend/.pulumi/locks/organization/ml-blue-green/local/f544a22b-7770-49a6-bf7d-5775dff55fcb.json?no_tmp_dir=true",
    ],
    [
      "S3",
      "s3://states/.pulumi/locks/organization/ml-blue-green/prod/f544a22b-7770-49a6-bf7d-5775dff55fcb.json",
    ],
  ])("reads what a backend on %s says, with one line for each of two locks", (_, url) => {
    const message =
      "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the " +
      "lock file with `pulumi cancel`.\n" +
      `  ${url}: created by ann@here (pid 2) at 2026-11-21T09:59:43Z\n` +
      `  ${url}: created by ci@there (pid 7) at 2026-11-21T09:59:50Z`;
    expect(lockHolders(message, here)).toEqual([
      { who: "ann@here (pid 2)", dead: true },
      { who: "ci@there (pid 7)", dead: false },
    ]);
  });

  test("does not take for alive what has ended and waits for a parent that never asks", async () => {
    // A container without an init process keeps these for ever.
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [text] = await once(parent.stdout, "data");
      const pid = Number(text);
      // `true` ends at once; the test's own timeout is the bound.
      while (isAlive(pid)) await new Promise(setImmediate);
      expect(isAlive(parent.pid ?? 0)).toBe(true);
    } finally {
      parent.kill("SIGKILL");
    }
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
