import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withDeployedFile } from "../../../validation/adapters/deployed-file.ts";
import { isAlive } from "../../../validation/adapters/lock-holders.ts";

test("an update clears away what a killed one of this machine has left, and nothing of anybody else", async () => {
  const scratchDirectory = await mkdtemp(join(tmpdir(), "bluegreen-deployed-"));
  onTestFinished(() => rm(scratchDirectory, { recursive: true }));
  const { pid: dead } = spawnSync(process.execPath, ["--version"]);
  expect(isAlive(dead)).toBe(false);
  const others = [
    "notes",
    `update-${process.ppid}@${hostname()}-aaaaaa`,
    `update-${dead}@elsewhere-aaaaaa`,
  ].sort();
  for (const name of [...others, `update-${dead}@${hostname()}-aaaaaa`]) {
    await mkdir(join(scratchDirectory, name));
    await writeFile(join(scratchDirectory, name, "deployed.yaml"), "");
  }
  const entry = { kind: "update", succeeded: true, endedWallMs: 0, values: {}, changedResources: 0 };
  const secrets = { reveal: async () => ({}), encryptInto: async () => {} };
  const checkoutPath = join(scratchDirectory, "nothing.yaml");
  const what = { entry, change: {}, checkoutPath, scratchDirectory, secrets };
  await withDeployedFile(what, async (path) => {
    const own = basename(dirname(path));
    expect(own).toContain(`update-${process.pid}@${hostname()}-`);
    expect((await readdir(scratchDirectory)).sort()).toEqual([...others, own].sort());
  });
  expect((await readdir(scratchDirectory)).sort()).toEqual(others);
});
