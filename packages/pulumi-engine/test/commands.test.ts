import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { parseCommandLine } from "../commands/arguments.ts";
import { createEngine } from "../engine.ts";
import { openHistory } from "../state/history.ts";
import { openLocks, type Locks } from "../state/lock.ts";
import type { Parts } from "../operation/run.ts";
import { openSecrets } from "../state/secrets.ts";
import { STACK_COMMANDS } from "../commands/stack-commands.ts";
import { openStacks } from "../state/state.ts";
import { fakeCloud, NO_COMPONENTS } from "./support/fake-provider.ts";
import { projectBench, type Workbench } from "./support/workbench.ts";

const PROJECT = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";

let bench: Workbench;

beforeEach(async () => {
  bench = await projectBench(PROJECT);
});
afterEach(() => bench.dispose());

describe("what the engine does not have is refused by name", () => {
  it.each([
    ["import aws:x y z", 'the command "pulumi import"'],
    ["config env add x", 'the command "pulumi config env"'],
    ["stack export --stack dev", 'the command "pulumi stack export"'],
    ["up --plan p.json", 'the flag --plan of "pulumi up"'],
    ["preview --policy-pack p", 'the flag --policy-pack of "pulumi preview"'],
    ["stack select -x dev", 'the flag -x of "pulumi stack select"'],
  ])("pulumi %s", async (line, what) => {
    const { code, stdout, stderr } = await bench.pulumi(line);
    expect(stderr).toBe(`error: the embedded engine does not support ${what}; use the Pulumi CLI for that\n`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  it.each([
    ["runtime: python", 'the runtime "python"'],
    ["options: { refresh: always }", 'the key "options"'],
    ["packages: { x: y }", 'the key "packages"'],
  ])("a Pulumi.yaml with %s", async (line, what) => {
    const [key] = line.split(":");
    const others = PROJECT.split("\n").filter((kept) => !kept.startsWith(`${key}:`));
    await writeFile(join(bench.directory, "Pulumi.yaml"), [...others, line].join("\n"));
    expect((await bench.pulumi("stack init dev")).stderr).toContain(what);
  });

  it("a flag that misses its value", async () => {
    expect(await bench.pulumi("up --stack")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--stack"),
    });
  });

  it("while help lists what it has", async () => {
    expect((await bench.pulumi("--help")).stdout).toContain("  pulumi config set-all\n");
  });

  it("an up that nobody agreed to", async () => {
    await bench.pulumi("stack init dev");
    expect((await bench.pulumi("up")).stderr).toContain("--yes or --skip-preview must be passed in");
  });
});

describe("stacks", () => {
  it("are made, listed, selected and removed; a name is checked", async () => {
    await bench.pulumi("stack init dev");
    await bench.pulumi("stack init organization/shop/prod");
    expect(JSON.parse((await bench.pulumi("stack ls --json")).stdout)).toMatchObject([
      { name: "dev", current: false, resourceCount: 0, updateInProgress: false },
      { name: "prod", current: true },
    ]);
    expect((await bench.pulumi("stack init dev")).stderr).toBe("error: stack 'dev' already exists\n");
    expect((await bench.pulumi("stack init a/..")).stderr).toContain("invalid stack name");
    expect((await bench.pulumi("stack select nope")).stderr).toBe("error: no stack named 'nope' found\n");
    await bench.pulumi("stack rm prod --yes");
    expect((await bench.pulumi("stack select prod")).code).toBe(6);
    // It was the selected one: now there is none.
    expect((await bench.pulumi("config")).stderr).toContain("no stack selected");
    await bench.pulumi("stack select dev");
    await bench.pulumi("stack init prod --no-select");
    await bench.pulumi("stack rm prod --yes");
    expect((await bench.pulumi("config")).code).toBe(0);
  });

  it("with resources are only forgotten by force", async () => {
    await bench.pulumi("stack init dev");
    const path = join(bench.engine.stateDirectory, "stacks/dev.json");
    // As a version without checksums wrote it.
    const { project, stack } = JSON.parse(await readFile(path, "utf8"));
    const resources = [{ urn: "u", type: "t", dependencies: [] }];
    await writeFile(path, JSON.stringify({ project, stack, resources, pending: [], outputs: {} }));
    expect((await bench.pulumi("stack rm dev --yes")).stderr).toContain("still has resources");
    expect((await bench.pulumi("stack rm dev --yes --force")).code).toBe(0);
  });

  it("go with their file, unless it is to be kept or the stack stays", async () => {
    const file = join(bench.directory, "Pulumi.dev.yaml");
    const other = join(bench.directory, "Pulumi.prod.yaml");
    for (const path of [file, other]) await writeFile(path, "config:\n  a: b\n");
    await bench.pulumi("stack init dev");
    expect((await bench.pulumi("stack rm dev")).code).not.toBe(0);
    await bench.pulumi("stack rm dev --yes --preserve-config");
    expect(existsSync(file)).toBe(true);
    await bench.pulumi("stack init dev");
    expect((await bench.pulumi("stack rm dev --yes")).code).toBe(0);
    expect([existsSync(file), existsSync(other)]).toEqual([false, true]);
    // Without one there is nothing to remove.
    await bench.pulumi("stack init dev");
    expect((await bench.pulumi("stack rm dev --yes")).code).toBe(0);
  });

  it("are looked at under the lock before they go: an update may just have made something", async () => {
    await bench.pulumi("stack init dev");
    const { stateDirectory } = bench.engine;
    const stacks = openStacks(stateDirectory, await openSecrets(stateDirectory));
    const locks = openLocks(stateDirectory);
    const made = { urn: "u", type: "t", custom: true, inputs: {}, outputs: {} };
    const resources = [{ ...made, dependencies: [], propertyDependencies: {} }];
    const acquire: Locks["acquire"] = async (stack) => {
      await stacks.save({ project: "shop", stack, resources, pending: [], outputs: {} });
      return locks.acquire(stack);
    };
    const history = openHistory(stateDirectory);
    const removal = STACK_COMMANDS["stack rm"]?.run({
      // Of an engine's parts those that the command works with.
      parts: { stacks, history, locks: { ...locks, acquire } } as unknown as Parts,
      args: parseCommandLine("stack rm", ["dev", "--yes"], { yes: { kind: "switch" } }),
      cwd: bench.directory,
      env: {},
      print: () => {},
      printError: () => {},
    });
    await expect(removal).rejects.toThrow("still has resources");
    expect((await stacks.load("dev"))?.resources).toHaveLength(1);
    expect(await locks.holder("dev")).toBeUndefined();
  });

  it("of another project are not touched", async () => {
    await bench.pulumi("stack init dev");
    await writeFile(join(bench.directory, "Pulumi.yaml"), PROJECT.replace("shop", "other"));
    expect((await bench.pulumi("stack output")).stderr).toContain(
      "belongs to the project 'shop', not to 'other'",
    );
  });
});

describe("the exit code is that of the Pulumi CLI", () => {
  it.each([
    ["config get nothing --stack dev", 1],
    ["preview --stack dev --unknown", 1],
    ["up --stack dev", 2],
    ["destroy --stack dev", 2],
    ["preview --stack other", 6],
    ["stack history --stack other", 6],
  ])("pulumi %s: %i", async (line, code) => {
    await bench.pulumi("stack init dev");
    expect((await bench.pulumi(line)).code).toBe(code);
  });
});

describe("the lock", () => {
  it("keeps a second update out, says who holds it, and outlives its process", async () => {
    await bench.pulumi("stack init dev");
    const lock = await openLocks(bench.engine.stateDirectory).acquire("dev");
    expect(await bench.engine.lockHolder("dev")).toMatchObject({
      pid: process.pid,
      time: expect.any(String),
    });
    const second = await bench.pulumi("destroy --yes --skip-preview");
    expect(second.stderr).toContain("the stack is currently locked by 1 lock(s)");
    expect(second.stderr).toContain(`(pid ${process.pid})`);
    expect(second.code).toBe(1);
    await lock.release();
    expect((await bench.pulumi("destroy --yes --skip-preview")).code).toBe(0);
    expect(await bench.engine.lockHolder("dev")).toBeUndefined();
  });

  it("names the run that the outside gave it, so that nobody has to go by host and pid", async () => {
    const locks = openLocks(bench.engine.stateDirectory, () => "6f9619ff");
    await locks.acquire("dev");
    expect(await locks.holder("dev")).toMatchObject({ run: "6f9619ff", pid: process.pid });
    await expect(locks.acquire("dev")).rejects.toThrow(/\(pid \d+\) at \S+ by run 6f9619ff$/);
  });

  it("goes with cancel, and its old holder does not release the next one's", async () => {
    await bench.pulumi("stack init dev");
    const locks = openLocks(bench.engine.stateDirectory);
    const lock = await locks.acquire("dev");
    await bench.pulumi("cancel --yes --stack dev");
    await locks.acquire("dev");
    await lock.release();
    expect(await bench.engine.lockHolder("dev")).toBeDefined();
  });

  it("is won by one of many at once", async () => {
    const locks = openLocks(bench.engine.stateDirectory);
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => locks.acquire("dev")));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("a creation that was cut off", () => {
  it("is told by name at the next run, until it is cleared", async () => {
    await bench.pulumi("stack init dev");
    const stacks = openStacks(bench.engine.stateDirectory, await openSecrets(bench.engine.stateDirectory));
    const state = await stacks.load("dev");
    if (state === undefined) throw new Error("no stack");
    const urn = "urn:pulumi:dev::shop::aws:lb/listener:Listener::http";
    await stacks.save({ ...state, pending: [{ urn, since: "2026-11-21T00:00:00Z" }] });
    const first = await bench.pulumi("refresh --yes --skip-preview");
    expect(first.stdout).toContain("aws:lb:Listener (http):\n    warning: an update that began to create");
    await bench.pulumi("refresh --yes --skip-preview --clear-pending-creates");
    expect((await bench.pulumi("refresh --yes --skip-preview")).stdout).not.toContain("warning");
  });
});

it("a secret of another state directory is refused, not misread", async () => {
  await bench.pulumi("stack init dev");
  await bench.pulumi("config set token --secret abc");
  const stateDirectory = join(bench.directory, "other");
  const other = await createEngine({
    stateDirectory,
    provider: fakeCloud().provider,
    components: NO_COMPONENTS,
  });
  await other.runPulumi(["stack", "init", "dev"], { cwd: bench.directory });
  const { code, stderr } = await other.runPulumi(["config", "get", "token"], { cwd: bench.directory });
  expect(code).toBe(1);
  expect(stderr).toContain("a secret was not encrypted with");
});
