import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { DEFECTS } from "./planted/defects.ts";
import { withDefect } from "./hooks.ts";

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const simulate = (...args: readonly string[]) =>
  // One that breaks a promise ends with 1, and what it printed is in the error.
  run(process.execPath, [MAIN, ...args]).catch((error: { stdout: string; stderr: string }) => error);

describe("simulated releases", () => {
  test("100 of them break no promise", async () => {
    const { stdout, stderr } = await simulate("--releases", "100", "--json");
    expect({ ...JSON.parse(stdout), stderr }).toMatchObject({ releases: 100, violations: 0, stderr: "" });
  }, 180_000);

  test("a planted defect is found, and told with one command that repeats it", async () => {
    const found = await simulate("--plant", "share-is-greater-than-the-verdict-says", "--releases", "5");
    const [, options = ""] = /npm run simulate -- (.*)/.exec(found.stderr) ?? [];
    const again = await simulate(...options.split(" "));
    // Of the first release that breaks a promise.
    const story = (text: string) => text.slice(text.indexOf("  broken:")).split(/^seed /m)[0];
    expect(options).toMatch(/^--seed \d+ --keep \S+ --plant share-is-greater/);
    expect(story(again.stderr)).toContain("broken: traffic is never where no verdict and no person put it");
    expect(story(again.stderr)).toBe(story(found.stderr));
  }, 60_000);

  test.each(DEFECTS)("has its text in the product still: $name", (defect) => {
    expect(withDefect(defect)).not.toContain(defect.from);
  });
});
