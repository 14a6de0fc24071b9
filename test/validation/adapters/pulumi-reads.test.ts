import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

it("a verb that only reads does not wait for the Automation API, which takes half a second to load", () => {
  const script = join(import.meta.dirname, "..", "support", "reads-a-stack.ts");
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  expect(`${stdout}${stderr}`.trim()).toBe("[]");
});
