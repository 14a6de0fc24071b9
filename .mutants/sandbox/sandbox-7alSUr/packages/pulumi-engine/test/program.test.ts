import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { CommandResult } from "../engine.ts";
import { UNKNOWN, type ComponentProvider } from "../values/provider.ts";
import { openLocks } from "../state/lock.ts";
import { openStacks, type StackState } from "../state/state.ts";
import { workbench, type Workbench } from "./support/workbench.ts";

const SHAPES = join(import.meta.dirname, "fixtures/shapes");

/** Expands into one child that carries everything it was given. */
const COMPONENTS: ComponentProvider = {
  constructs: (type) => type === "test:index:Remote",
  async construct({ name, inputs }, register) {
    const json = JSON.stringify(inputs);
    const child = await register({ type: "test:index:Thing", name: `${name}-child`, inputs: { json } });
    return { outputs: { endpoint: `http://${name}`, child: child.outputs["arn"] ?? UNKNOWN } };
  },
};

const NO_SECRETS = { encrypt: (text: string) => text, decrypt: (text: string) => text };

let bench: Workbench;

beforeEach(async () => {
  bench = await workbench(SHAPES, COMPONENTS);
  await bench.pulumi("stack init dev");
});
afterEach(() => bench.dispose());

async function run(line: string, shape: string): Promise<CommandResult> {
  const file = join(bench.directory, "config.yaml");
  await writeFile(file, `config: { shapes:shape: ${shape} }\n`);
  return bench.pulumi(`${line} --config-file ${file}`);
}
const up = (shape: string) => run("up --yes --skip-preview", shape);

async function outputs(): Promise<Record<string, unknown>> {
  return JSON.parse((await bench.pulumi("stack output --json")).stdout);
}

describe("a program may have", () => {
  it("components, explicit providers, reads of existing resources, functions, and what it logs", async () => {
    bench.cloud.world.set("id-known", { type: "x", urn: "x", inputs: {} });
    const { code, stdout } = await up("component");
    expect(code).toBe(0);
    expect(await outputs()).toEqual({
      size: 4,
      readArn: "arn:id-known",
      looked: "us-east-1",
      provider: expect.any(String),
    });
    expect(stdout).toContain("test:index:Box (box):\n    warning: careful");
    expect(stdout).toContain("pulumi:pulumi:Stack (shapes-dev):\n    hello from the program");
    const destroyed = await bench.pulumi("destroy --yes --skip-preview");
    expect(destroyed.code).toBe(0);
    // What was only read is not the stack's to delete.
    expect([...bench.cloud.world.keys()]).toEqual(["id-known"]);
  });

  it("remote components, whose children are planned, made, and keep secrets secret", async () => {
    const planned = await run("preview", "remote");
    expect(planned.stdout).toContain('child: "[unknown]"');
    expect(planned.stdout).toContain("+  5 to create");
    await up("remote");
    expect(await outputs()).toEqual({ endpoint: "http://far", child: "arn:id-2" });
    expect(bench.cloud.log).toEqual(["create thing", "create far-child", "create after"]);
    const child = [...bench.cloud.world.values()].find(({ urn }) => urn.endsWith("::far-child"));
    expect(JSON.parse(String(child?.inputs["json"]))).toEqual({
      image: "a:1",
      from: "arn:id-1",
      key: "very-secret-key",
    });
    const state = await readFile(join(bench.engine.stateDirectory, "stacks/dev.json"), "utf8");
    expect(state).not.toContain("very-secret-key");
  });
});

describe("what the engine cannot do ends the program with one line", () => {
  it.each([
    ["import", "the resource option 'import' (test:index:Thing a)"],
    ["asset", "assets other than text"],
    ["call", "methods of resources"],
  ])("%s", async (shape, what) => {
    const { code, stdout } = await up(shape);
    expect(stdout).toContain(
      `error: the embedded engine does not support ${what}; use the Pulumi CLI for that`,
    );
    expect(stdout.match(/error:/g)).toHaveLength(1);
    expect(code).toBe(1);
    expect(bench.cloud.log).toEqual([]);
  });
});

describe("a program that fails", () => {
  it("by an exception shows it, without colours, and deletes nothing", async () => {
    await up("slow");
    const { code, stdout, stderr } = await up("throws");
    expect(stdout).toContain("Error: a mistake in the program");
    expect(stdout).not.toContain("\u001B");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: update failed: Running program .* unhandled exception:\n {2}Error: a mistake in the program\n$/,
    );
    expect(bench.cloud.world.size).toBe(3);
  });

  it("by its exit code is told so", async () => {
    expect((await up("exits")).stdout).toContain("error: Program exited with non-zero exit code: 3");
  });
});

describe("kill -9 in the middle of a creation", () => {
  it("ends the program, too, whatever it still has open", async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    try {
      await once(listener, "listening");
      const address = listener.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const file = join(bench.directory, "config.yaml");
      await writeFile(file, `config: { shapes:shape: lingers, shapes:port: ${port} }\n`);
      const script = join(import.meta.dirname, "fixtures/hanging-update.ts");
      const engine = spawn(process.execPath, [script, bench.engine.stateDirectory, SHAPES, file], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [[program]] = await Promise.all([once(listener, "connection"), once(engine.stdout, "data")]);
      engine.kill("SIGKILL");
      await once(program.resume(), "close");
      expect(program.closed).toBe(true);
    } finally {
      listener.close();
    }
  });

  it("leaves the lock and a state of which the next update names the open end, and continues", async () => {
    const file = join(bench.directory, "config.yaml");
    await writeFile(file, "config: { shapes:shape: slow }\n");
    const script = join(import.meta.dirname, "fixtures/hanging-update.ts");
    const child = spawn(process.execPath, [script, bench.engine.stateDirectory, SHAPES, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await bench.engine.lockHolder("dev"))?.pid).toBe(child.pid);
    expect((await up("slow")).stderr).toContain("the stack is currently locked by");
    await bench.pulumi("cancel --yes --stack dev");
    const next = await up("slow");
    expect(next.stdout).toContain("test:index:Thing (middle):\n    warning: an update that began to create");
    expect(next.code).toBe(0);
    expect(bench.cloud.log).toContain("create middle");
    expect((await run("preview", "slow")).stdout).not.toContain("warning");
  });
});

describe("Ctrl-C", () => {
  it("starts nothing more, waits for what is in flight, records it, and says so in the history", async () => {
    const abort = new AbortController();
    bench.cloud.before = async () => abort.abort();
    const file = join(bench.directory, "config.yaml");
    await writeFile(file, "config: { shapes:shape: slow }\n");
    const { code, stdout } = await bench.engine.runPulumi(
      ["up", "--yes", "--skip-preview", "--config-file", file],
      {
        cwd: SHAPES,
        signal: abort.signal,
      },
    );
    expect(code).toBe(1);
    expect(stdout).toContain("error: update canceled");
    expect(bench.cloud.log).not.toContain("create second");
    const [entry] = JSON.parse((await bench.pulumi("stack history --json")).stdout);
    expect(entry).toMatchObject({ version: 1, result: "failed", kind: "update" });
    expect(await bench.engine.lockHolder("dev")).toBeUndefined();
    bench.cloud.before = () => Promise.resolve();
    expect((await up("slow")).code).toBe(0);
    expect(bench.cloud.log.toSorted()).toEqual(["create first", "create middle", "create second"]);
  });
});

describe("an update whose lock is cancelled while it runs", () => {
  it("starts nothing more, has not succeeded, says why, and leaves the next one's lock alone", async () => {
    bench.cloud.before = async () => {
      bench.cloud.before = () => Promise.resolve();
      await bench.pulumi("cancel --yes --stack dev");
      await openLocks(bench.engine.stateDirectory, () => "the next one").acquire("dev");
    };
    const { code, stdout } = await up("slow");
    expect(code).toBe(1);
    expect(stdout).toContain("error: the lock of this update was taken away while it ran: it was cancelled");
    expect(bench.cloud.log).not.toContain("create second");
    const [entry] = JSON.parse((await bench.pulumi("stack history --json")).stdout);
    expect(entry).toMatchObject({ result: "failed" });
    expect(await bench.engine.lockHolder("dev")).toMatchObject({ run: "the next one" });
  });

  it("writes nothing over the state that another one has left meanwhile", async () => {
    const stacks = openStacks(bench.engine.stateDirectory, NO_SECRETS);
    let theirs: StackState | undefined;
    const takeOver = async () => {
      // What it had begun to write when it was cancelled is written.
      while ((await stacks.load("dev"))?.pending.length !== 2);
      await bench.pulumi("cancel --yes --stack dev");
      const state = await stacks.load("dev");
      theirs = state && { ...state, outputs: { by: "the next one" } };
      if (theirs !== undefined) await stacks.save(theirs);
    };
    let taken: Promise<void> | undefined;
    // Whatever else is begun waits for it, too.
    bench.cloud.before = () => (taken ??= takeOver());
    expect((await up("slow")).code).toBe(1);
    expect(theirs).toBeDefined();
    expect(await stacks.load("dev")).toEqual(theirs);
  });
});
