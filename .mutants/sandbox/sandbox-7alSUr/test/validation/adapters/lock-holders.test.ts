import { describe, expect, test } from "vitest";
import { judgeHolder, lockHolders, type Witness } from "../../../validation/adapters/lock-holders.ts";

/** What this machine knows: process 1 of this host runs, process 2 has ended, and nothing of any other. */
const here: Witness = {
  fateOf: ({ host, pid }) =>
    host !== "here" ? "unknown" : pid === 1 ? "runs" : pid === 2 ? "ended" : "unknown",
};
const locked = (by: string) =>
  `error: the stack is currently locked by 1 lock(s). Either wait …\n  file:///x.json: created by ${by}`;

describe("lockHolders", () => {
  test.each([
    [
      "a process that runs here",
      "ann@here (pid 1) at T",
      { who: "ann@here (pid 1, since T)", dead: false, runs: true },
    ],
    [
      "a process of which its end is known",
      "ann@here (pid 2) at T",
      { who: "ann@here (pid 2, since T)", dead: true },
    ],
    [
      "a process of this host name that nothing is known of",
      "ann@here (pid 3) at T",
      { who: "ann@here (pid 3, since T)", dead: false },
    ],
    [
      "an update that is as old as the year",
      "ci@there (pid 2) at 2020-01-01T00:00:00Z",
      { who: "ci@there (pid 2, since 2020-01-01T00:00:00Z)", dead: false },
    ],
  ])("judges %s", (_title, by, holder) => {
    expect(lockHolders(locked(by), here)).toMatchObject([holder]);
    expect(lockHolders(locked(by), here)?.[0]?.runs).toBe("runs" in holder ? true : undefined);
  });

  test("asks for the run that a lock of the embedded engine names", () => {
    const asked: unknown[] = [];
    const witness: Witness = { fateOf: (lock) => (asked.push(lock.run), "ended") };
    lockHolders(locked("ann@here (pid 1) at T by run 6f9619ff-8b86-d011-b42d-00c04fc964ff"), witness);
    expect(asked).toEqual(["6f9619ff-8b86-d011-b42d-00c04fc964ff"]);
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
      "file:///home/ann/.local/backend/.pulumi/locks/organization/fraud-model/local/f544a22b-7770-49a6-bf7d-5775dff55fcb.json?no_tmp_dir=true",
    ],
    [
      "S3",
      "s3://states/.pulumi/locks/organization/fraud-model/prod/f544a22b-7770-49a6-bf7d-5775dff55fcb.json",
    ],
  ])("reads what a backend on %s says, with one line for each of two locks", (_, url) => {
    const message =
      "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the " +
      "lock file with `pulumi cancel`.\n" +
      `  ${url}: created by ann@here (pid 2) at 2026-11-21T09:59:43Z\n` +
      `  ${url}: created by ci@there (pid 7) at 2026-11-21T09:59:50Z`;
    expect(lockHolders(message, here)).toMatchObject([
      { who: "ann@here (pid 2, since 2026-11-21T09:59:43Z)", dead: true },
      { who: "ci@there (pid 7, since 2026-11-21T09:59:50Z)", dead: false },
    ]);
  });

  test("says nothing about other failures", () => {
    expect(lockHolders("error: update failed", here)).toBeUndefined();
  });

  test("by what this machine really has written down, knows nothing of a process that no tool of ours started", () => {
    const parent = { user: "me", host: "here", pid: process.ppid, time: new Date().toISOString() };
    expect(judgeHolder(parent)).toMatchObject({ dead: false });
    expect(judgeHolder({ ...parent, pid: 4_194_303, time: "2020-01-01T00:00:00Z" })).toMatchObject({
      dead: false,
    });
  });
});
