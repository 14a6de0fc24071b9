import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { CommandResult } from "../engine.ts";
import { workbench, type Workbench } from "./support/workbench.ts";

const PROJECT = join(import.meta.dirname, "fixtures/hooks");

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench(PROJECT);
  await bench.pulumi("stack init dev");
});
afterEach(() => bench.dispose());

async function run(line: string, shape: string, size = "1"): Promise<CommandResult> {
  const file = join(bench.directory, "config.yaml");
  await writeFile(file, JSON.stringify({ config: { "hooks:shape": shape, "hooks:size": size } }));
  return bench.pulumi(`${line} --config-file ${file}`);
}
const up = (shape: string, size?: string) => run("up --yes --skip-preview", shape, size);
const size = () => bench.cloud.world.get("id-1")?.inputs["size"];

/** What the hooks said, in their order. */
function told({ stdout }: CommandResult): unknown[] {
  return [...stdout.matchAll(/^ *((?:before|after) \w+) (\{.*\})$/gm)].map(([, moment, json]) => [
    moment,
    JSON.parse(json ?? ""),
  ]);
}

describe("hooks of a resource", () => {
  it("run around its creation and its updates, and see it before and after; not in a preview", async () => {
    const [id, name] = ["id-1", "a"];
    const made = { size: "1", arn: "arn:id-1" };
    expect(told(await up("telling"))).toEqual([
      ["before create", { name, id: "", newInputs: { size: "1" } }],
      ["after create", { name, id, newInputs: { size: "1" }, newOutputs: made }],
    ]);
    expect(told(await run("preview", "telling", "2"))).toEqual([]);
    const [newInputs, oldInputs] = [{ size: "2" }, { size: "1" }];
    expect(told(await up("telling", "2"))).toEqual([
      ["before update", { name, id, newInputs, oldInputs }],
      ["after update", { name, id, newInputs, oldInputs, newOutputs: { ...made, size: "2" } }],
    ]);
  });

  it("that throw stop before the provider is asked, fail what was done, or are a warning, as declared", async () => {
    await up("plain");
    bench.cloud.log.length = 0;
    const before = await up("refusingBefore", "2");
    expect(before.stdout).toContain('error: before hook "now" failed: not now');
    // No stack trace.
    expect(before.stdout).not.toMatch(/^ +at /m);
    expect({ code: before.code === 0, log: bench.cloud.log, size: size() }).toEqual({
      code: false,
      log: [],
      size: "1",
    });

    // Nothing was recorded as done, so that the same update is made now.
    const warned = await up("warning", "2");
    expect(warned.stdout).toContain('warning: BeforeUpdate hook "nice" failed: not nice');
    expect({ code: warned.code, size: size() }).toEqual({ code: 0, size: "2" });

    const after = await up("refusingAfter", "3");
    expect(after.stdout).toContain('error: after hook "as hoped" failed: not as hoped');
    expect({ succeeded: after.code === 0, size: size() }).toEqual({ succeeded: false, size: "3" });
    // What was done stays recorded.
    expect((await run("preview --expect-no-changes", "plain", "3")).code).toBe(0);
    // The exit code is that of the Pulumi CLI.
    expect((await run("preview --expect-no-changes", "plain", "4")).code).toBe(7);
  });
});

describe("hooks that the engine does not have are refused by name", () => {
  it.each([
    ["dryRun", "resource hooks that run in previews (onDryRun)"],
    ["onDelete", "hooks around a deletion, or on an error (test:index:Thing a)"],
    ["onComponent", "hooks of components (test:index:Box box)"],
  ])("%s", async (shape, what) => {
    const { code, stdout } = await up(shape);
    expect(stdout).toContain(
      `error: the embedded engine does not support ${what}; use the Pulumi CLI for that`,
    );
    expect(stdout.match(/error:/g)).toHaveLength(1);
    expect(code).not.toBe(0);
    expect(bench.cloud.log).toEqual([]);
  });
});
