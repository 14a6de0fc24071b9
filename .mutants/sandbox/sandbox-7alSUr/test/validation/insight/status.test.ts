import { describe, expect, test } from "vitest";
import { showStatus } from "../../../cli/view/status.ts";
import { status } from "../../../validation/insight/status.ts";
import { sync } from "../../../validation/stack/sync.ts";
import { candidateReady, oneModel, promoted, sharing, untested, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const failedTests = () => {
  const { release, ...raw } = candidateReady();
  return { ...raw, release: { ...release, tested: { ...release.tested, outcome: "failed" } } };
};

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
    const image = seen.slots.green.image ?? "";
    expect(seen.slots.green.digest).toBe(image.split("@")[1]);
    expect(seen.model).toMatchObject({ image, digest: seen.slots.green.digest });
  });

  test("counts the answers of the last hour by class and slot, and does without when nobody can count them", async () => {
    const world = new World(sharing(50));
    world.clock.advance(30_000);
    world.refusalRate.green = 0.5;
    const seen = await status(world.context());
    const each = (world.requestsPerMinute / 2) * 60;
    expect(seen.slots.blue.answers).toEqual({ "2xx": each, "3xx": 0, "4xx": 0, "5xx": 0 });
    expect(seen.slots.green.answers).toEqual({ "2xx": each / 2, "3xx": 0, "4xx": each / 2, "5xx": 0 });
    expect(showStatus(seen)).toContain("answers in the last hour: 2xx 9,000 · 3xx 0 · 4xx 9,000 · 5xx 0");

    world.failing.metrics = "throttled";
    const blind = await status(world.context());
    expect(blind.slots.green.answers).toBeUndefined();
    expect(blind.unreadable).toEqual(["answers: throttled"]);
  });

  test.each([
    ["an empty slot", oneModel(), "green", "empty"],
    ["a candidate", candidateReady(), "green", "candidate"],
    ["a standby", promoted(), "blue", "standby"],
    [
      "a slot that was rolled back",
      { ...candidateReady(), release: { ...candidateReady().release, state: "rolledBack" } },
      "green",
      "idle",
    ],
  ] as const)("names %s", async (_what, raw, slot, role) => {
    expect((await status(new World(raw).context())).slots[slot].role).toBe(role);
  });

  test("names how to fix a slot of users that does not run what was requested", async () => {
    const world = new World(promoted());
    world.rollout.green.task = "arn:task/green:old";
    expect((await status(world.context())).next).toBe(
      "npx bluegreen rotate green, which asks ECS for it again, or npx bluegreen deploy <image> --model-version <version> (why green does not run its own: npx bluegreen logs green)",
    );
    const alone = new World(oneModel());
    alone.rollout.blue.task = "arn:task/blue:old";
    expect((await status(alone.context())).next).toMatch(/^npx bluegreen deploy /);
  });

  test("says whose update is under way, which may change all of it", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const { sentence, next } = await status(world.context());
    expect(sentence).toContain("; an update of ann@ci (pid 7) is under way");
    expect(next).toMatch(/^npx bluegreen status, once that update has ended/);
    world.locks = [{ who: "me@here (pid 7)", dead: true }];
    expect((await status(world.context())).sentence).not.toContain("under way");
  });

  test("sends nobody to test a candidate without tasks", async () => {
    const raw = untested();
    const world = new World({ ...raw, green: { ...Object(raw["green"]), minTasks: 0 } });
    expect((await status(world.context())).next).toMatch(/^npx bluegreen deploy /);
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
    "tells what was requested from what runs where its ECS deployment failed and %s",
    async (_what, ecs, kind) => {
      const world = new World(candidateReady());
      world.rollout.green = ecs;
      const seen = await status(world.context());
      expect(seen.slots.green).toMatchObject({ modelVersion: "2", requested: "green:2", runs: { kind } });
      expect(seen.sentence).toContain("green does not run what was requested");
      expect(seen.next).toMatch(/^npx bluegreen deploy /);
      const shown = showStatus(seen);
      expect(shown).toContain("version 2 (green:2)\n      ! it does not run: ");
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

  const deployment = { atMs: 0, message: "(service green) (deployment ecs-svc/1) deployment completed." };
  test.each([
    ["right after its tasks became healthy", 1, 2, "recovering"],
    ["when its range lies after them", 14, 2, "ALARM"],
    ["when no task is healthy now", 1, 0, "ALARM"],
  ])("shows the alarm on healthy tasks %s", async (_when, minutes, healthy, state) => {
    const world = new World(candidateReady());
    world.alarmStates.green["healthy-hosts"] = { state: "ALARM" };
    world.health.green = counts(healthy);
    world.ecsEvents = [{ ...deployment, atMs: world.clock.now() }];
    world.clock.advance(minutes * 60_000);
    expect((await status(world.context())).slots.green.alarms["healthy-hosts"]).toBe(state);
  });

  test.each([
    ["deployed", "blue", 0, "npx bluegreen deploy"],
    ["running", "blue", 50, "npx bluegreen deploy"],
  ])("sees that a release that was %s was switched to manually", async (state, standby, weight, next) => {
    const raw = sharing(weight);
    const release = { ...raw.release, state };
    const seen = await status(new World({ ...raw, release, greenWeight: 0, activeSlot: "green" }).context());
    expect(seen.sentence).toContain(
      `green was made the active slot manually while release v2-g3 was ${state}; ${standby} stands by`,
    );
    expect(seen.next).toContain(next);
    expect(seen.slots.blue.role).toBe("standby");
  });

  test("sees that users were switched away from a promoted model manually", async () => {
    const seen = await status(new World({ ...promoted(), activeSlot: "blue" }).context());
    expect(seen.sentence).toContain("v2-g3 is promoted, and blue was made the active slot manually after it");
    expect(seen.slots.green.role).toBe("standby");
  });

  test.each([
    ["was never tested", untested(), "it was not tested"],
    ["failed its tests", failedTests(), "its pre-traffic tests failed"],
    [
      "was rolled back",
      { ...candidateReady(), release: { ...candidateReady().release, state: "rolledBack", reason: "slow" } },
      "its release v2-g3 was rolled back: slow",
    ],
  ])("says that a person gives users to a candidate that %s", async (_what, raw, why) => {
    const shifted = await status(new World({ ...raw, greenWeight: 50 }).context());
    expect(shifted.warnings).toEqual([`green has 50 % of the users manually, although ${why}`]);
    expect(showStatus(shifted)).toContain(`manually:\n  ! green has 50 %`);
    const switched = await status(new World({ ...raw, activeSlot: "green" }).context());
    expect(switched.warnings).toEqual([`green has 100 % of the users manually, although ${why}`]);
  });

  test("warns of no share of a tested candidate, of a rollout, or of a standby", async () => {
    for (const raw of [
      { ...candidateReady(), greenWeight: 50 },
      { ...sharing(10), release: { ...sharing(10).release, tested: undefined } },
      { ...promoted(), blueWeight: 50 },
      oneModel(),
    ])
      expect((await status(new World(raw).context())).warnings).toEqual([]);
  });

  test("proposes sync when only the file is behind", async () => {
    const world = new World(oneModel());
    world.outOfStep = ["generation"];
    expect((await status(world.context())).next).toBe("npx bluegreen sync");
  });
});

describe("status of a model that has a name", () => {
  const leads = (...addresses: readonly string[]) => ({
    hostName: "model.example.com",
    loadBalancer: "lb.example.com",
    addresses,
    loadBalancerAddresses: ["192.0.2.1"],
  });

  test.each([
    [leads(), "model.example.com has no address yet"],
    [leads("198.51.100.7"), "model.example.com leads to 198.51.100.7, not to the load balancer"],
    [leads("198.51.100.7", "192.0.2.1"), undefined],
    [undefined, undefined],
  ])("says where the DNS leads its users, unless that is to the load balancer", async (found, words) => {
    const asked: unknown[] = [];
    const leadsOf = async (address: unknown) => {
      asked.push(address);
      return found;
    };
    const seen = await status(new World(oneModel()).context(), { leadsOf });
    expect(seen.elsewhere).toBe(words);
    expect(asked).toEqual([expect.objectContaining({ url: seen.url })]);
    expect(showStatus(seen).includes("  ! model.example.com")).toBe(words !== undefined);
    if (words !== undefined) expect(showStatus(seen)).toContain(`generation 3\n  ! ${words}\n`);
  });

  test("says that the DNS could not be asked, and shows the rest", async () => {
    const leadsOf = () => Promise.reject(new Error("getaddrinfo EAI_AGAIN"));
    const seen = await status(new World(oneModel()).context(), { leadsOf });
    expect(seen.elsewhere).toBeUndefined();
    expect(seen.unreadable).toEqual(["dns: getaddrinfo EAI_AGAIN"]);
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
