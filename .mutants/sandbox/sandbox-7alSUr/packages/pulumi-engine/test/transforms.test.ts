import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { workbench, type Workbench } from "./support/workbench.ts";

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench(join(import.meta.dirname, "fixtures/transforms"));
  await bench.pulumi("stack init dev");
});
afterEach(() => bench.dispose());

async function up(shape: string) {
  const file = join(bench.directory, "config.yaml");
  await writeFile(file, JSON.stringify({ config: { "transforms:shape": shape } }));
  return bench.pulumi(`up --yes --skip-preview --config-file ${file}`);
}
const inputs = () => [...bench.cloud.world.values()].map((thing) => thing.inputs);

describe("transforms of a program", () => {
  it("change what is registered: those of a parent first, those of the stack last", async () => {
    expect((await up("nested")).code).toBe(0);
    expect(inputs()).toEqual([{ size: "1", by: "program, box, stack" }]);
  });

  it("change options, and hand secrets on as secrets", async () => {
    expect((await up("options")).code).toBe(0);
    expect(inputs()).toEqual([{ size: "1", secret: "hush" }]);
    const refused = await bench.pulumi("destroy --yes --skip-preview");
    expect(refused.stdout).toContain("protect");
  });

  it("that throw fail the update, before anything is made of it", async () => {
    const { code, stdout } = await up("failing");
    expect(stdout).toContain("a transform of test:index:Thing a failed");
    expect(stdout).toContain("not like this");
    expect({ failed: code !== 0, made: inputs() }).toEqual({ failed: true, made: [] });
  });
});

describe("two hooks of one name", () => {
  it("are refused, as by Pulumi: one resource would be guarded by another's", async () => {
    const { code, stdout } = await up("twiceAHook");
    expect(stdout).toContain('resource hook already registered for name "asks"');
    expect(code).not.toBe(0);
  });
});
