import { join } from "node:path";

import automation from "@pulumi/pulumi/automation/index.js";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { pulumiCommand } from "../automation.ts";
import { openLocks } from "../state/lock.ts";
import { workbench, type Workbench } from "./support/workbench.ts";

const WEB = join(import.meta.dirname, "fixtures/web");
const TOKEN = "a-token-nobody-may-see";

// One story, in order: each part starts from what the part before it deployed.
describe("the Automation API, from the first update to the last", () => {
  let bench: Workbench;
  let stack: Stack;
  let configFile: string;
  const set = (...words: string[]) => bench.pulumi(`config set --config-file ${configFile}`, ...words);

  beforeAll(async () => {
    bench = await workbench(WEB);
    configFile = join(bench.directory, "config.yaml");
    stack = await automation.LocalWorkspace.createOrSelectStack(
      { stackName: "dev", workDir: WEB },
      { pulumiCommand: pulumiCommand(bench.engine) },
    );
    await set("token", "--secret", TOKEN);
  });
  afterAll(() => bench.dispose());

  it("refuses a stack that does not exist as StackNotFoundError", async () => {
    const select = automation.LocalWorkspace.selectStack(
      { stackName: "nope", workDir: WEB },
      { pulumiCommand: pulumiCommand(bench.engine) },
    );
    await expect(select).rejects.toBeInstanceOf(automation.StackNotFoundError);
  });

  it("previews without doing anything", async () => {
    const { changeSummary } = await stack.preview({ configFile });
    expect(changeSummary).toEqual({ create: 7 });
    expect(bench.cloud.world.size).toBe(0);
  });

  it("deploys, and gives outputs, summary, configuration and events", async () => {
    const events: EngineEvent[] = [];
    const { outputs, summary } = await stack.up({
      configFile,
      message: "first",
      onEvent: (event) => events.push(event),
    });
    expect(outputs).toMatchObject({
      weight: { value: 0, secret: false },
      previous: { value: "none", secret: false },
      token: { value: TOKEN, secret: true },
    });
    expect(summary).toMatchObject({
      version: 1,
      result: "succeeded",
      message: "first",
      resourceChanges: { create: 7 },
    });
    expect(summary.config["web:greenWeight"]).toEqual({ value: "0", secret: false });
    expect(summary.startTime).toBeInstanceOf(Date);
    const ops = events.flatMap((event) => event.resOutputsEvent?.metadata.op ?? []);
    expect(ops.filter((op) => op === "create")).toHaveLength(7);
    expect(events.find((event) => event.summaryEvent)?.summaryEvent?.resourceChanges).toEqual({ create: 7 });
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index));
    expect(JSON.stringify(events)).not.toContain(TOKEN);
  });

  it("a weight-only change is one update, shown in the preview by its paths", async () => {
    await set("greenWeight", "25");
    const { stdout, changeSummary } = await stack.preview({ configFile, diff: true });
    expect(changeSummary).toEqual({ same: 6, read: 1, update: 1 });
    expect(stdout).toContain("~  aws:lb:ListenerRule route update [diff: ~actions]");
    expect(stdout).toContain("~ actions[0].forward.targetGroups[0].weight: 100 => 75");
    bench.cloud.log.length = 0;
    const { summary, outputs } = await stack.up({ configFile });
    expect(summary.resourceChanges).toEqual({ same: 6, read: 1, update: 1 });
    expect(bench.cloud.log).toEqual(["update route"]);
    // Through a StackReference to itself the program saw the outputs of the update before.
    expect([outputs["previous"]?.value, outputs["weight"]?.value]).toEqual([0, 25]);
  });

  it("a program that refuses its configuration shows one line, and nothing changes", async () => {
    await set("greenWeight", "101");
    await expect(stack.up({ configFile })).rejects.toThrow("    error: greenWeight is 101: at most 100\n\n");
    await set("greenWeight", "many");
    await expect(stack.preview({ configFile })).rejects.toThrow(
      "configuration key 'greenWeight' must be of type 'integer'",
    );
    expect((await stack.outputs())["weight"]?.value).toBe(25);
  });

  it("an update that fails says which resource and why, and keeps the last good outputs", async () => {
    await set("greenWeight", "50");
    bench.cloud.failOn.set("update route", new Error("AccessDenied: not you"));
    const events: EngineEvent[] = [];
    const failing = stack.up({ configFile, onEvent: (event) => events.push(event) });
    await expect(failing).rejects.toThrow("aws:lb:ListenerRule (route):\n    error: AccessDenied: not you");
    expect(events.find((event) => event.resOpFailedEvent)?.resOpFailedEvent?.metadata.op).toBe("update");
    expect(events.find((event) => event.diagnosticEvent)?.diagnosticEvent).toMatchObject({
      severity: "error",
    });
    expect((await stack.outputs())["weight"]?.value).toBe(25);
    expect((await stack.info())?.result).toBe("failed");
  });

  it("a held lock is a ConcurrentUpdateError", async () => {
    const lock = await openLocks(bench.engine.stateDirectory).acquire("dev");
    await expect(stack.up({ configFile })).rejects.toBeInstanceOf(automation.ConcurrentUpdateError);
    await lock.release();
  });

  it("up --target changes the target alone", async () => {
    const route = "urn:pulumi:dev::web::aws:lb/listenerRule:ListenerRule::route";
    const { summary } = await stack.up({ configFile, target: [route] });
    expect(summary.resourceChanges).toEqual({ same: 6, read: 1, update: 1 });
  });

  it("a change made elsewhere shows as an update after a refresh, and a lost resource comes back", async () => {
    const drifted = [...bench.cloud.world.values()].find(({ urn }) => urn.endsWith("::route"));
    if (drifted === undefined) throw new Error("no route");
    drifted.inputs = { ...drifted.inputs, priority: 7 };
    const [lost] = [...bench.cloud.world].find(([, { urn }]) => urn.endsWith("::front")) ?? [""];
    bench.cloud.world.delete(lost);
    const refreshed = await stack.preview({ configFile, refresh: true });
    expect(refreshed.changeSummary).toMatchObject({ create: 1, update: expect.any(Number) });
    const { summary } = await stack.up({ configFile, refresh: true });
    expect(summary.resourceChanges).toMatchObject({ create: 1 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 6 });
  });

  it("expecting no changes is an error when there are some", async () => {
    await stack.preview({ configFile, expectNoChanges: true });
    await set("greenWeight", "51");
    await expect(stack.preview({ configFile, expectNoChanges: true })).rejects.toThrow(
      "no changes were expected but changes were proposed",
    );
    await set("greenWeight", "50");
  });

  it("config refresh brings back what the last update ran with, secrets too", async () => {
    await set("greenWeight", "99");
    await set("extra", "x");
    const careful = await bench.pulumi(`config refresh --config-file ${configFile}`);
    expect(careful.stderr).toContain("would overwrite web:greenWeight, web:extra");
    await bench.pulumi(`config refresh --force --config-file ${configFile}`);
    const config = JSON.parse(
      (await bench.pulumi(`config --json --show-secrets --config-file ${configFile}`)).stdout,
    );
    expect(config).toEqual({
      "web:greenWeight": { value: "50", secret: false },
      "web:thresholds": { value: "{}", objectValue: {}, secret: false },
      "web:token": { value: TOKEN, secret: true },
    });
  });

  it("the history has an entry for each update that ended, newest first, by page", async () => {
    const results = (await stack.history()).map(
      ({ version, kind, result }) => `${version} ${kind} ${result}`,
    );
    expect(results).toEqual([
      "7 refresh succeeded",
      "6 update succeeded",
      "5 update succeeded",
      "4 update failed",
      "3 update failed",
      "2 update succeeded",
      "1 update succeeded",
    ]);
    expect((await stack.history(2, 2)).map(({ version }) => version)).toEqual([5, 4]);
    expect((await bench.pulumi("stack history --json")).stdout).not.toContain(TOKEN);
  });

  it("destroys in reverse order", async () => {
    bench.cloud.log.length = 0;
    const { summary } = await stack.destroy();
    expect(summary.resourceChanges).toEqual({ delete: 7 });
    expect(bench.cloud.log[0]).toBe("delete route");
    expect(bench.cloud.world.size).toBe(0);
    expect(await stack.outputs()).toEqual({});
  });
});
