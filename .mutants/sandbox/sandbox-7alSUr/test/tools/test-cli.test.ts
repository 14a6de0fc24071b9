import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

describe("npm run test:cli", () => {
  let bin: string;
  beforeAll(async () => {
    bin = await mkdtemp(join(tmpdir(), "bluegreen-bin-"));
    await writeFile(join(bin, "pulumi"), "#!/bin/sh\necho v3.260.0\n", { mode: 0o755 });
  });
  afterAll(() => rm(bin, { recursive: true, force: true }));

  const run = (...files: string[]) => {
    // The run inside is one of its own, not a worker of this one.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
    const env = { ...Object.fromEntries(own), PATH: [bin, process.env["PATH"]].join(delimiter) };
    return spawnSync(process.execPath, ["tools/test-cli.ts", ...files], { cwd: root, env, encoding: "utf8" });
  };

  test("with a file that stands in one half of the stories ends well when that passes", () => {
    const { status, stdout } = run("test/cli/evidence.test.ts");
    expect([status, stdout]).toEqual([0, expect.stringMatching(/[1-9]\d* passed, 0 failed/)]);
  });

  test("with a file that is in neither says so and fails", () => {
    const { status, stdout } = run("test/cli/no-such.test.ts");
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining("no test file is called test/cli/no-such.test.ts"),
    ]);
  });
});
