import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { overview } from "../../cli/overview.ts";
import { ownVersion } from "../../cli/local/own-files.ts";
import { createProgram } from "../../cli/program.ts";
import { ALL_VERBS } from "../../cli/verbs/all.ts";

const root = join(import.meta.dirname, "..", "..");
const typed = (...words: readonly string[]) =>
  spawnSync(process.execPath, ["cli/main.ts", ...words], { cwd: root, encoding: "utf8" });

test("all verbs stand on one screen", () => {
  const lines = overview(ALL_VERBS).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const words = new Set(lines.flatMap((line) => line.split(/[\s,]+/)));
  expect(ALL_VERBS.map(({ usage }) => usage.split(" ")[0] ?? "").filter((name) => !words.has(name))).toEqual(
    [],
  );
  expect(createProgram(0).helpInformation()).toBe(overview(ALL_VERBS));
});

test("a verb that was mistyped is an error with a code, what it may have been, and nothing after it", () => {
  const { status, stderr, stdout } = typed("rollot", "--json");
  expect(status).toBe(64);
  expect(stderr).toMatch(
    /^BG440: .*'rollot'.*Did you mean rollout\?\n  All verbs: `npx bluegreen --help`.*\n$/,
  );
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 64, error: { code: "BG440" } });
});

test("it says its version", () => {
  expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});
