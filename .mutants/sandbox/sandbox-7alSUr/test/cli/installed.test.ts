import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERRORS } from "../../validation/errors.ts";

const root = join(import.meta.dirname, "..", "..");
const OLD_NODE = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.1.0"}})`;

describe("a checkout", () => {
  let checkout: string;
  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), "bluegreen-checkout-"));
    await mkdir(join(checkout, "cli"));
    for (const file of ["bluegreen.js", "installed.js"]) {
      await cp(join(root, "cli", file), join(checkout, "cli", file));
    }
    await writeFile(join(checkout, "cli", "main.ts"), `process.stdout.write("started" as string);\n`);
    await writeFile(join(checkout, "package.json"), `{"type": "module"}`);
  });
  afterAll(() => rm(checkout, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: checkout, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  /** Half of it is there, as when `npm ci` was cut off. */
  const cutOff = () => mkdir(join(checkout, "node_modules", "commander"), { recursive: true });
  const whole = async () => {
    await cutOff();
    await writeFile(join(checkout, "node_modules", ".package-lock.json"), "{}");
  };

  test.each([
    ["was never installed", async () => {}],
    ["whose install was cut off", cutOff],
  ])("that %s says so, and what to run, instead of a stack trace", async (_how, prepare) => {
    await prepare();
    const { meaning, fix } = ERRORS.BG157;
    expect(run("cli/bluegreen.js", "status")).toEqual({
      status: 64,
      stdout: "",
      stderr: `BG157: ${meaning}\n  ${fix}\n`,
    });
    const { status, stdout } = run("cli/bluegreen.js", "status", "--json");
    const error = { code: "BG157", message: meaning, fix };
    expect([status, JSON.parse(stdout)]).toEqual([64, { exitCode: 64, error }]);
  });

  test("that is installed runs", async () => {
    await whole();
    expect(run("cli/bluegreen.js")).toEqual({ status: 0, stdout: "started", stderr: "" });
  });

  test("that is run with an old Node names both versions", async () => {
    await whole();
    const { status, stderr } = run("--import", OLD_NODE, "cli/bluegreen.js");
    expect(status).toBe(64);
    const { meaning, fix } = ERRORS.BG158;
    expect(stderr).toMatch(
      new RegExp(`^BG158: ${meaning} It is v[\\d.]+; allowed is 24 or newer\\.\n  ${fix}\n$`),
    );
  });

  test("whose packages are older than its package-lock.json names the one that is missing", () => {
    const show = `import { showError } from ${JSON.stringify(join(root, "cli", "errors.ts"))};
      import("no-such-package").catch((error) => { process.exitCode = showError(error, false); });`;
    const { status, stderr } = run("--input-type=module", "-e", show);
    const { meaning, fix } = ERRORS.BG157;
    expect([status, stderr]).toEqual([
      64,
      `BG157: ${meaning} The package no-such-package is missing.\n  ${fix}\n`,
    ]);
  });
});
