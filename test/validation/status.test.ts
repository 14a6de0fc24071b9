import { describe, expect, test } from "vitest";
import { showStatus } from "../../cli/view/status.ts";
import { status } from "../../validation/status.ts";
import { sync } from "../../validation/sync.ts";
import { candidateReady, oneModel, promoted, sharing } from "./support/samples.ts";
import { World } from "./support/world.ts";

describe("status", () => {
  test("shows both slots with roles, shares, tasks and alarms", async () => {
    const world = new World(sharing(10));
    world.alarmStates.green.cpu = { state: "OK", evaluation: "PARTIAL_DATA" };
    world.missingAlarms = ["green-memory"];
    const seen = await status(world.context());
    expect(seen.slots.blue).toMatchObject({
      role: "active",
      liveShare: 90,
      configuredShare: 90,
      healthyTasks: 2,
    });
    expect(seen.slots.green).toMatchObject({
      role: "candidate",
      liveShare: 10,
      modelVersion: "2",
      minTasks: 2,
    });
    expect(seen.slots.green.alarms).toMatchObject({
      "error-rate": "OK",
      cpu: "PARTIAL_DATA",
      memory: "missing",
    });
    expect(seen).toMatchObject({ exitCode: 0, generation: 3, drift: [], next: "npx bluegreen rollout" });
  });

  test.each([
    ["an empty slot", oneModel(), "green", "empty"],
    ["a candidate", candidateReady(), "green", "candidate"],
    ["a standby", promoted(), "blue", "standby"],
    [
      "a slot that was taken back",
      { ...candidateReady(), release: { ...candidateReady().release, state: "rolledBack" } },
      "green",
      "idle",
    ],
  ] as const)("names %s", async (_what, raw, slot, role) => {
    expect((await status(new World(raw).context())).slots[slot].role).toBe(role);
  });

  test("names what drifted, between route, file and tasks", async () => {
    const world = new World(sharing(10));
    world.setLive(100);
    world.rollout.green.task = "arn:task/green:old";
    world.outOfStep = ["generation"];
    const { drift, next } = await status(world.context());
    expect(drift).toEqual([
      "route: configured is blue 90 % · green 10 %, live is blue 100 % · green 0 %",
      "stack file: not as deployed: generation",
      "green: runs green:old, requested was green:2",
    ]);
    expect(next).toBe("npx bluegreen step");
  });

  test("shows the rest when something cannot be read, and says what", async () => {
    const world = new World(sharing(10));
    world.failing = { alarms: "throttled", route: "timeout" };
    const seen = await status(world.context());
    expect(seen.unreadable).toEqual(["live: timeout", "alarms: throttled"]);
    expect(seen.slots.green).toMatchObject({
      liveShare: undefined,
      configuredShare: 10,
      alarms: {},
      healthyTasks: 2,
    });
  });

  test.each([
    ["a candidate", candidateReady()],
    ["a first model", { ...oneModel(), release: { ...candidateReady().release, slot: "blue" } }],
  ])("proposes another deploy when ECS gave %s up", async (_what, raw) => {
    const world = new World(raw);
    world.rollout[world.config.release?.slot ?? "blue"] = { state: "FAILED" };
    expect((await status(world.context())).next).toMatch(/^npx bluegreen deploy /);
  });

  test.each([
    ["went back", { state: "COMPLETED", task: "arn:task/green:8" }, "other"],
    ["is on its way back", { state: "IN_PROGRESS", task: "arn:task/green:8" }, "other"],
    ["has nothing to go back to", { state: "FAILED" }, "failed"],
  ] as const)(
    "tells what was requested from what runs where ECS gave it up and %s",
    async (_what, ecs, kind) => {
      const world = new World(candidateReady());
      world.rollout.green = ecs;
      const seen = await status(world.context());
      expect(seen.slots.green).toMatchObject({ modelVersion: "2", requested: "green:2", runs: { kind } });
      expect(seen.sentence).toContain("green does not run what was requested");
      expect(seen.next).toMatch(/^npx bluegreen deploy /);
      const shown = showStatus(seen);
      expect(shown).toContain("version 2 (green:2)\n      ! it does not run: ECS ");
      expect(shown).not.toMatch(/version 2; \d healthy/);
      if (kind === "other") expect(shown).toContain("; 2 healthy, of green:8");
    },
  );

  test.each([
    ["starts", { state: "IN_PROGRESS" }, "is being started: 2 healthy of 2 tasks at least"],
    ["runs", { state: "COMPLETED" }, "version 2; 2 healthy of 2 tasks at least"],
  ])("shows a model that %s", async (_what, ecs, words) => {
    const world = new World(candidateReady());
    world.rollout.green = ecs;
    expect(showStatus(await status(world.context()))).toContain(words);
  });

  test("does not call a model running when ECS does not answer", async () => {
    const world = new World(candidateReady());
    world.failing = { services: "timeout" };
    const seen = await status(world.context());
    expect(seen.slots.green.runs).toEqual({ kind: "unknown", why: "timeout" });
    expect(showStatus(seen)).toContain("what runs is not known");
  });

  test("proposes sync when only the file is behind", async () => {
    const world = new World(oneModel());
    world.outOfStep = ["generation"];
    expect((await status(world.context())).next).toBe("npx bluegreen sync");
  });
});

describe("sync", () => {
  test("says which keys it brought in line, or that there were none", async () => {
    const world = new World(oneModel());
    expect((await sync(world.context())).sentence).toContain("in step with generation 3");
    world.outOfStep = ["generation", "greenWeight"];
    expect(await sync(world.context())).toMatchObject({
      exitCode: 0,
      changedKeys: ["generation", "greenWeight"],
    });
  });
});
