import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { local } from "../../cli/actions/local.ts";
import { chooseEngine, keepChoice, nameOf } from "../../cli/local/engine-choice.ts";
import { runCli } from "../../cli/pulumi-cli.ts";
import { fiveBytesFlipped } from "../../packages/pulumi-engine/test/support/flipped.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bluegreen-engine-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const place = () => ({ root, directory: join(root, ".local") });
const choose = (environment: NodeJS.ProcessEnv = {}) =>
  chooseEngine(place(), { PATH: join(root, "bin"), ...environment });
const CLI = "echo v3.260.0";

/** A `pulumi` that is this shell script. */
async function install(script: string, directory = join(root, "bin")): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "pulumi");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("what says which engine made the local stack", () => {
  const file = () => join(place().directory, "engine.json");

  it.each([
    ["cut off", (text: string) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["no engine", () => '{"kind":"deno"}'],
    ["five bytes another", fiveBytesFlipped],
  ])("is one clear error when it is %s, and no other engine", async (_, damage) => {
    await keepChoice(place(), { kind: "embedded" });
    await writeFile(file(), damage(await readFile(file(), "utf8")));
    await expect(choose()).rejects.toMatchObject({ problem: "broken" });
    await expect(choose()).rejects.toThrow(`${file()} is broken (`);
    await expect(choose()).rejects.toThrow('`cli` or `embedded` in {"kind":"…"}');
    await writeFile(file(), '{"kind":"embedded"}');
    expect(await choose()).toEqual({ kind: "embedded" });
  });
});

describe("the engine of a new local stack", () => {
  it("that is embedded refuses a real awsx provider, before anything is written", async () => {
    const options = { port: 0, speed: 1, publishLagSeconds: 0, authorize: undefined, apiRates: false };
    const started = local(place(), { ...options, awsxProvider: root }, () => {});
    await expect(started).rejects.toMatchObject({ code: "BG159", message: /is for the Pulumi CLI/ });
    await expect(access(place().directory)).rejects.toThrow("ENOENT");
  });

  it("is the embedded one where there is no Pulumi CLI", async () => {
    expect(await choose()).toEqual({ kind: "embedded" });
  });

  it("is the CLI on PATH, which is said with its version", async () => {
    const path = await install(CLI);
    const engine = await choose();
    expect(engine).toEqual({ kind: "cli", path, version: "v3.260.0" });
    expect(nameOf(engine)).toBe("pulumi CLI v3.260.0");
  });

  it("is the CLI of the npm package, which may say more before its version", async () => {
    const path = await install(`echo Downloading; ${CLI}`, join(root, "node_modules", ".bin"));
    expect(await choose()).toEqual({ kind: "cli", path, version: "v3.260.0" });
  });

  it("is the CLI that was built from source, which leaves the v away", async () => {
    const path = await install("echo 3.260.0");
    expect(await choose()).toEqual({ kind: "cli", path, version: "v3.260.0" });
  });

  it("is the one that is asked for", async () => {
    await install(CLI);
    expect(await choose({ BLUEGREEN_ENGINE: "embedded" })).toEqual({ kind: "embedded" });
  });

  it.each([
    ["cli", "No Pulumi CLI is on PATH, nor the npm package `pulumi` installed."],
    ["deno", 'BLUEGREEN_ENGINE is "deno"; allowed: cli, embedded.'],
  ])("is never another one than that: BLUEGREEN_ENGINE=%s", async (asked, message) => {
    await expect(choose({ BLUEGREEN_ENGINE: asked })).rejects.toMatchObject({ code: "BG159" });
    await expect(choose({ BLUEGREEN_ENGINE: asked })).rejects.toThrow(message);
  });

  it.each(["exit 3", "echo no version at all"])(
    "is not silently the embedded one when `pulumi` says %j",
    async (script) => {
      await install(script);
      await expect(choose()).rejects.toThrow("The Pulumi CLI does not run");
    },
  );
});

describe("a local stack stays with the engine that made it", () => {
  it("the embedded one, when a CLI comes", async () => {
    await keepChoice(place(), { kind: "embedded" });
    await install(CLI);
    expect(await choose()).toEqual({ kind: "embedded" });
    await expect(choose({ BLUEGREEN_ENGINE: "cli" })).rejects.toThrow("was made with embedded");
  });

  it("the CLI, when it is gone", async () => {
    await keepChoice(place(), { kind: "cli", path: "/gone", version: "v1.0.0" });
    await expect(choose()).rejects.toMatchObject({ code: "BG159" });
  });

  it("the embedded one, when the stack is from before there was a choice", async () => {
    const stacks = join(root, ".local", "pulumi", "stacks");
    await mkdir(stacks, { recursive: true });
    await writeFile(join(stacks, "local.json"), "{}");
    await install(CLI);
    expect(await choose()).toEqual({ kind: "embedded" });
  });
});

describe("a command of the CLI", () => {
  it("gives what it said, where, and how it ended", async () => {
    const path = await install('echo "$1"; echo oops >&2; exit 6');
    const told: string[] = [];
    const ran = await runCli({ path, version: "v3.260.0" }, ["stack"], {
      cwd: root,
      onOutput: (text) => told.push(text),
      onError: (text) => told.push(text),
    });
    expect(ran).toEqual({ stdout: "stack\n", stderr: "oops\n", code: 6 });
    expect(told.toSorted()).toEqual(["oops\n", "stack\n"]);
  });

  it("that is aborted gets what Ctrl-C sends, and its own time to end", async () => {
    const path = await install("trap 'echo ended well; exit 1' INT; echo up; while :; do sleep 0.05; done");
    const abort = new AbortController();
    const ran = await runCli({ path, version: "v3.260.0" }, [], {
      cwd: root,
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    expect(ran).toMatchObject({ stdout: "up\nended well\n", code: 1 });
  });

  it("that was killed is no success", async () => {
    const path = await install("kill -9 $$");
    const ran = await runCli({ path, version: "v3.260.0" }, [], { cwd: root });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain("was ended by SIGKILL");
  });
});
