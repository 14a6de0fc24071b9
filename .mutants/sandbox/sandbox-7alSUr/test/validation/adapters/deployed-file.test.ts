import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { withDeployedFile } from "../../../validation/adapters/pulumi/deployed-file.ts";
import { openRunRecords, ownRun, stateDirectory } from "../../../validation/adapters/processes/records.ts";

test("an update clears away what a killed one of this machine has left, and nothing of anybody else", async () => {
  const scratchDirectory = await mkdtemp(join(tmpdir(), "bluegreen-deployed-"));
  const dead = "11111111-1111-4111-8111-111111111111";
  const record = join(stateDirectory(), "runs", `${dead}.json`);
  onTestFinished(async () => {
    await rm(scratchDirectory, { recursive: true });
    await rm(record);
  });
  ownRun();
  const since = new Date().toISOString();
  await writeFile(
    record,
    JSON.stringify({ id: dead, user: "u", host: "h", since, endedAt: since, updates: [] }),
  );
  expect(openRunRecords(stateDirectory()).fateOfRun(dead)).toBe("ended");
  const others = ["notes", "update-22222222-2222-4222-8222-222222222222-aaaaaa", "update-7@elsewhere-aaaaaa"];
  for (const name of [...others, `update-${dead}-aaaaaa`]) {
    await mkdir(join(scratchDirectory, name));
    await writeFile(join(scratchDirectory, name, "deployed.yaml"), "");
  }
  const whose = { project: PROJECT, model: PROJECT };
  const entry = { kind: "update", succeeded: true, whose, endedWallMs: 0, values: {}, changedResources: 0 };
  const secrets = { reveal: async () => ({}), encryptInto: async () => {} };
  const checkoutPath = join(scratchDirectory, "nothing.yaml");
  const what = { entry, change: {}, checkoutPath, scratchDirectory, secrets };
  await withDeployedFile(what, async (path) => {
    const own = basename(dirname(path));
    expect(own).toContain(`update-${ownRun().id}-`);
    expect((await readdir(scratchDirectory)).sort()).toEqual([...others, own].sort());
  });
  expect((await readdir(scratchDirectory)).sort()).toEqual(others.toSorted());
});
