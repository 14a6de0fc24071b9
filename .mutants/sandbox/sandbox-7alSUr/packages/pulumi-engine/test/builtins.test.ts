import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { workbench, type Workbench } from "./support/workbench.ts";

const MEMORY = join(import.meta.dirname, "fixtures/memory");

// One story, in order. Pulumi's own engine answers these itself, without a plugin: so the fake cloud sees none of it.
describe("a program that reads its own last outputs and keeps its first word in a stash", () => {
  let bench: Workbench;
  const run = async (line: string, said: string) => {
    const file = join(bench.directory, "config.yaml");
    await writeFile(file, `config: { memory:said: ${said} }\n`);
    return bench.pulumi(`${line} --config-file ${file}`);
  };
  const outputs = async (): Promise<unknown> =>
    JSON.parse((await bench.pulumi("stack output --json --show-secrets")).stdout);

  beforeAll(async () => {
    bench = await workbench(MEMORY);
    await bench.pulumi("stack init dev");
  });
  afterAll(() => bench.dispose());

  it("knows in the preview of the first update what the stash will hold, and saves nothing", async () => {
    const { code, stdout } = await run("preview", "one");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+ first: "one"') });
    expect(await outputs()).toEqual({});
  });

  it("has no outputs before the first update, and the stash keeps the first word ever after", async () => {
    await run("up --yes --skip-preview", "one");
    const first = { said: "one", first: "one", before: "nothing", hidden: "not one" };
    expect(await outputs()).toEqual(first);
    await run("up --yes --skip-preview", "two");
    expect(await outputs()).toEqual({ said: "two", first: "one", before: "one", hidden: "not two" });
    expect(bench.cloud.log).toEqual([]);
  });

  it("shows no change afterwards, neither to a refresh nor to a preview", async () => {
    const refreshed = await run("refresh --yes --skip-preview --expect-no-changes", "two");
    expect(refreshed).toMatchObject({ code: 0, stdout: expect.stringContaining("1 unchanged") });
    expect((await run("preview --expect-no-changes", "two")).code).toBe(0);
  });

  it("begins anew once it was destroyed", async () => {
    await run("destroy --yes --skip-preview", "two");
    await run("up --yes --skip-preview", "three");
    expect(await outputs()).toMatchObject({ first: "three", before: "nothing" });
  });
});
