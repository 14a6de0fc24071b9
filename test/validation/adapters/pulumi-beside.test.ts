import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StackStore } from "../../../validation/ports.ts";
import { PROJECT } from "../../support/project.ts";
import type { FakePulumi } from "../support/fake-pulumi.ts";
import { asObject, SHARE, stackOnDisk } from "../support/stack-on-disk.ts";

const P = PROJECT;
const model = (letter: string) =>
  asObject({
    image: `repo/model@sha256:${letter.repeat(64)}`,
    modelVersion: letter,
    minTasks: 1,
    maxTasks: 4,
  });
const CONFIG = {
  "aws:region": { value: "us-east-1" },
  [`${P}:blue`]: model("a"),
  [`${P}:green`]: model("b"),
  [`${P}:generation`]: { value: "3" },
  [`${P}:thresholds`]: asObject({ maxErrorRate: "0.02" }),
};

let directory: string;
let pulumi: FakePulumi;
let store: StackStore;
beforeEach(async () => {
  ({ directory, pulumi, store } = await stackOnDisk());
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("what a person deployed between our look and our lock is not lost: it is carried out once more, upon that", async () => {
  pulumi.succeeded(CONFIG);
  let left = 1;
  pulumi.beforeUp = () => {
    if (left === 0) return;
    left = 0;
    const edited = { ...CONFIG, [`${P}:thresholds`]: asObject({ maxErrorRate: "0.5" }) };
    pulumi.succeeded(edited, { endTime: "2026-11-21T10:05:00Z" });
  };
  expect(await store.apply(SHARE)).toMatchObject({
    kind: "applied",
    deployed: {
      config: { thresholds: { maxErrorRate: 0.5 }, split: { green: 10 }, generation: 5 },
    },
  });
  expect(pulumi.commands.filter(([verb]) => verb === "up")).toHaveLength(2);
});

test("an update of the route reads it back first where the one before has failed: the state may not say what was done", async () => {
  const up = () => pulumi.commands.findLast(([verb]) => verb === "up");
  pulumi.succeeded(CONFIG);
  pulumi.succeeded(CONFIG, { result: "failed" });
  await store.apply(SHARE);
  expect(up()).toContain("--refresh");
  await store.apply({ ...SHARE, change: {} });
  expect(up()).not.toContain("--refresh");
  pulumi.succeeded(CONFIG, { result: "failed" });
  await store.apply({ ...SHARE, scope: "everything", change: {} });
  expect(up()).not.toContain("--refresh");
});

describe("an update of ours is not called done", () => {
  beforeEach(() => pulumi.succeeded(CONFIG));

  test("when another one has followed it before its end could be read", async () => {
    pulumi.onUp = () => {
      const later = { ...CONFIG, [`${P}:generation`]: { value: "5" } };
      pulumi.succeeded(later, { message: "bluegreen: everyone to blue: manually" });
    };
    expect(await store.apply(SHARE)).toEqual({
      kind: "overtaken",
      by: "bluegreen: everyone to blue: manually",
    });
  });

  test("when another one of the same generation ran beside it", async () => {
    pulumi.onUp = () => {
      pulumi.succeeded({ ...CONFIG, [`${P}:generation`]: { value: "4" } }, { message: "another" });
    };
    expect(await store.apply(SHARE)).toEqual({ kind: "overtaken", by: "another" });
  });

  // As the CLI's backends say it (pkg/backend/diy/lock.go, Unlock; gocloud.dev/blob); its exit code is 0 all the same.
  test.each([
    [
      "a file",
      'error: there was a problem deleting the lock at file:///b/.pulumi/locks/organization/p/dev/x.json, manual clean up may be required: blob (key ".pulumi/locks/organization/p/dev/x.json") (code=NotFound): remove /b/.pulumi/locks/organization/p/dev/x.json: no such file or directory',
    ],
    [
      "S3",
      'error: there was a problem deleting the lock at s3://b/.pulumi/locks/organization/p/dev/x.json, manual clean up may be required: blob (key ".pulumi/locks/organization/p/dev/x.json") (code=NotFound): NotFound: Not Found',
    ],
  ])("when its lock was gone at the end, on %s", async (_title, text) => {
    pulumi.stderr = text;
    expect(await store.apply(SHARE)).toEqual({ kind: "cancelled" });
  });

  test("when the engine has ended it for that", async () => {
    pulumi.failure = "error: the lock of this update was taken away while it ran: it was cancelled";
    expect(await store.apply(SHARE)).toEqual({ kind: "cancelled" });
  });

  test("but is, when its lock could only not be deleted", async () => {
    pulumi.stderr =
      "error: there was a problem deleting the lock at s3://b/x.json, manual clean up may be required: (code=PermissionDenied)";
    expect(await store.apply(SHARE)).toMatchObject({ kind: "applied" });
  });
});

test("tells who holds the stack", async () => {
  pulumi.succeeded(CONFIG);
  pulumi.failure =
    "the stack is currently locked by 1 lock(s).\n  x.json: created by ann@ci (pid 7) at 2099-01-01T00:00:00Z";
  expect(await store.apply(SHARE)).toEqual({
    kind: "locked",
    holders: [
      {
        who: "ann@ci (pid 7, since 2099-01-01T00:00:00Z)",
        dead: false,
        sinceMs: Date.parse("2099-01-01T00:00:00Z"),
      },
    ],
  });
  await store.breakLock();
  expect(pulumi.commands.find(([first]) => first === "cancel")).toContain("--yes");
});
