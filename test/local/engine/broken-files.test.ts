import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createEngine } from "../../../local/engine/engine.ts";
import { writeAtomically } from "../../../local/engine/files.ts";
import { NO_COMPONENTS } from "./fake-provider.ts";
import { projectBench, type Workbench } from "./workbench.ts";

const PROJECT = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";

let bench: Workbench;
beforeEach(async () => {
  bench = await projectBench(PROJECT);
  await bench.pulumi("stack init dev");
  await bench.pulumi("refresh --yes");
});
afterEach(() => bench.dispose());

const path = (file: string) => join(bench.engine.stateDirectory, file);

describe("a file of the engine that is cut off is one clear error, which names it and what to do:", () => {
  it.each([
    ["stacks/dev.json", "stack output", "put a good copy there, or remove it and begin anew"],
    ["stacks/dev.json", "refresh --yes", "put a good copy there"],
    ["history/dev/1.json", "stack history", "put a good copy there, or remove it"],
    ["locks/dev.json", "refresh --yes", "remove the file with `pulumi cancel`"],
  ])("%s, at pulumi %s", async (file, line, mend) => {
    const whole = await readFile(path(file), "utf8").catch(() => '{"pid":1,"host":"a"}');
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), whole.slice(0, whole.length / 2));
    const { code, stderr } = await bench.pulumi(line);
    expect(stderr.split("\n").slice(0, 1).join("")).toContain(`error: ${path(file)} is broken`);
    expect(stderr).toContain(mend);
    expect(code).toBe(1);
    expect(await readFile(path(file), "utf8")).toBe(whole.slice(0, whole.length / 2));
  });

  it("Pulumi.dev.yaml", async () => {
    const file = join(bench.directory, "Pulumi.dev.yaml");
    await writeFile(file, 'config: { shop:size: "12');
    expect(await bench.pulumi("config get size")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`error: ${file}: `),
    });
  });

  it("Pulumi.yaml", async () => {
    const file = join(bench.directory, "Pulumi.yaml");
    await writeFile(file, 'name: "shop');
    expect(await bench.pulumi("config get size")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`error: ${file}: `),
    });
  });

  it("the key of the secrets", async () => {
    await writeFile(path("secrets.key"), "short");
    const { stateDirectory } = bench.engine;
    // The next engine reads it.
    const next = createEngine({ stateDirectory, provider: bench.cloud.provider, components: NO_COMPONENTS });
    await expect(next).rejects.toThrow(`${path("secrets.key")} is not a key of 32 bytes`);
  });
});

it("a broken lock goes with pulumi cancel", async () => {
  await mkdir(path("locks"), { recursive: true });
  await writeFile(path("locks/dev.json"), "");
  expect(await bench.pulumi("cancel --yes --stack dev")).toMatchObject({ code: 0 });
  expect((await bench.pulumi("refresh --yes")).code).toBe(0);
});

it("a write that fails leaves the old text and nothing beside it", async () => {
  const file = join(bench.directory, "kept", "state.json");
  await writeAtomically(file, "old");
  await rm(file);
  await mkdir(join(file, "in-the-way"), { recursive: true });
  await expect(writeAtomically(file, "new")).rejects.toThrow(file);
  expect(await readdir(dirname(file))).toEqual(["state.json"]);
});
