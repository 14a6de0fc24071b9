import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createEngine } from "../engine.ts";
import { writeAtomically } from "../state/files.ts";
import { openLocks } from "../state/lock.ts";
import { fiveBytesFlipped } from "./support/flipped.ts";
import { NO_COMPONENTS } from "./support/fake-provider.ts";
import { projectBench, type Workbench } from "./support/workbench.ts";

const PROJECT = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";

let bench: Workbench;
beforeEach(async () => {
  bench = await projectBench(PROJECT);
  await bench.pulumi("stack init dev");
  await bench.pulumi("refresh --yes");
});
afterEach(() => bench.dispose());

const path = (file: string) => join(bench.engine.stateDirectory, file);

const DAMAGES: readonly (readonly [string, (whole: string) => string])[] = [
  ["cut off", (whole) => whole.slice(0, whole.length / 2)],
  ["empty", () => ""],
  ["something else", () => "[]"],
  ["five bytes another", fiveBytesFlipped],
];

const KEPT: readonly (readonly [string, string, string])[] = [
  ["stacks/dev.json", "stack output", "put a good copy there, or remove it and begin anew"],
  ["stacks/dev.json", "refresh --yes", "put a good copy there"],
  ["history/dev/1.json", "stack history", "put a good copy there, or remove it"],
  ["locks/dev.json", "refresh --yes", "remove the file with `pulumi cancel`"],
];

describe("a broken file of the engine is one clear error, which names it and what to do:", () => {
  it.each(
    KEPT.flatMap(([file, line, fix]) => DAMAGES.map(([what, damage]) => ({ file, line, fix, what, damage }))),
  )("$file $what, at pulumi $line", async ({ file, line, fix, damage }) => {
    if (file.startsWith("locks/")) await openLocks(bench.engine.stateDirectory).acquire("dev");
    const broken = damage(await readFile(path(file), "utf8"));
    await writeFile(path(file), broken);
    const run = bench.pulumi(line);
    await expect(run).rejects.toMatchObject({ problem: "broken" });
    await expect(run).rejects.toThrow(`${path(file)} is broken (`);
    await expect(run).rejects.toThrow(fix);
    expect(await readFile(path(file), "utf8")).toBe(broken);
  });

  it.each([
    ["stacks/dev.json", "stack output"],
    ["history/dev/1.json", "stack history"],
  ])("%s, which is a directory, at pulumi %s", async (file, line) => {
    await rm(path(file));
    await mkdir(path(file));
    const run = bench.pulumi(line);
    await expect(run).rejects.toMatchObject({ problem: "broken" });
    await expect(run).rejects.toThrow(`${path(file)} cannot be read: it is no file`);
  });

  it("the selected stack", async () => {
    await writeFile(path("selected-stack"), "d\0v");
    const run = bench.pulumi("stack output");
    await expect(run).rejects.toMatchObject({ problem: "broken" });
    await expect(run).rejects.toThrow("selected-stack is broken (it has no stack's name): choose one anew");
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

  it.each(DAMAGES)("the key of the secrets, %s", async (_what, damage) => {
    await writeFile(path("secrets.key"), damage(await readFile(path("secrets.key"), "utf8")));
    const { stateDirectory } = bench.engine;
    // The next engine reads it.
    const next = createEngine({ stateDirectory, provider: bench.cloud.provider, components: NO_COMPONENTS });
    await expect(next).rejects.toThrow(`${path("secrets.key")} is broken (it is not a key of 32 bytes`);
  });

  it("and a key without a checksum, of an earlier version, still opens", async () => {
    const [key = ""] = (await readFile(path("secrets.key"), "utf8")).split(" ");
    await bench.pulumi("config set --secret --stack dev token s3cret");
    await writeFile(path("secrets.key"), key);
    const { stateDirectory } = bench.engine;
    const next = await createEngine({
      stateDirectory,
      provider: bench.cloud.provider,
      components: NO_COMPONENTS,
    });
    const { stdout } = await next.runPulumi(["config", "get", "--stack", "dev", "token"], {
      cwd: bench.directory,
    });
    expect(stdout.trim()).toBe("s3cret");
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
