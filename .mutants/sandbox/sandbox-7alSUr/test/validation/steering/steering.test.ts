import { describe, expect, test } from "vitest";
import { showOwner } from "../../../validation/core/owner.ts";
import type { Update } from "../../../validation/ports.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { approve, pause, resume } from "../../../validation/steering/steering.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const withPolicy = <T extends { rollout: object }>(raw: T, policy: object) => ({
  ...raw,
  rollout: { ...raw.rollout, ...policy },
});
const paused = (percent: number) => ({
  ...sharing(percent),
  release: { ...sharing(percent).release, state: "paused", reason: "by ann: lunch" },
});
const alarm = (world: World) => {
  world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
};

describe("pause", () => {
  test("stops a running release, says who and why, and writes it into the audit log", async () => {
    const world = new World(sharing(10));
    const outcome = await pause(world.context(), "lunch");
    expect(outcome).toMatchObject({ exitCode: 0, changed: true, release: { state: "paused", weight: 10 } });
    expect(outcome.sentence).toContain("after 30 minutes it needs manual action again");
    expect(world.config.release?.reason).toBe("by tester@host: lunch");
    expect(world.log).toEqual(["route: bluegreen: release v2-g3 is paused at 10 % by tester@host: lunch"]);
    expect(world.live).toEqual({ blue: 90, green: 10 });
  });

  test("is no news the second time", async () => {
    const world = new World(paused(10));
    expect(await pause(world.context(), "")).toMatchObject({ exitCode: 0, changed: false });
    expect(world.updates).toBe(0);
  });

  test.each([
    ["a stack without a release", oneModel(), "The stack had no release yet."],
    ["a candidate without users", candidateReady(), "Candidate v2-g3 waits on green and has none."],
    ["a promoted release", promoted(), "Release v2-g3 is promoted."],
  ])("refuses %s", async (_title, raw, words) => {
    const refused = pause(new World(raw).context(), "");
    await expect(refused).rejects.toMatchObject({ code: "BG160", exitCode: 64 });
    await expect(refused).rejects.toThrow(words);
  });

  test("says that users were rolled back when Pulumi is not told of it within a minute", async () => {
    const world = new World(sharing(10));
    world.setLive(100);
    await expect(pause(world.context(), "")).rejects.toThrow("Users were rolled back to blue.");
  });

  test("refuses a route that somebody else has changed", async () => {
    const world = new World(sharing(10));
    world.setLive(37);
    await expect(pause(world.context(), "")).rejects.toMatchObject({ code: "BG169", exitCode: 10 });
  });

  test("waits for an update of the rollout, and pauses what it left", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@box (pid 7)", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 3) world.locks = [];
    };
    expect(await pause(world.context(), "")).toMatchObject({ exitCode: 0, changed: true });
  });

  test("gives up with the holder's name when the stack stays held", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@box (pid 7)", dead: false }];
    await expect(pause(world.context(), "")).rejects.toMatchObject({ code: "BG131", exitCode: 10 });
  });
});

describe("a paused release", () => {
  test("stays where it is although all is proven, and needs manual action", async () => {
    const world = new World(paused(10));
    world.clock.advance(20 * MINUTE);
    expect(await step(world.context(), ONCE)).toMatchObject({
      exitCode: 10,
      finished: false,
      situation: "paused",
      verdict: { kind: "hold", why: "paused", expired: false },
    });
    expect(world.updates).toBe(0);
  });

  test("is rolled back when it fails", async () => {
    const world = new World(paused(10));
    world.clock.advance(4 * 60_000);
    alarm(world);
    expect(await step(world.context(), ONCE)).toMatchObject({ exitCode: 20, verdict: { kind: "rollback" } });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("ends a rollout with exit 10 when its time is over, and with a revert where the policy says so", async () => {
    const held = new World(paused(10));
    expect(await rollout(held.context(), { pollMs: 10_000 })).toMatchObject({
      exitCode: 10,
      result: "waits",
    });
    expect(held.live.green).toBe(10);
    const back = new World(withPolicy(paused(10), { atDeadline: "revert" }));
    expect(await rollout(back.context(), { pollMs: 10_000 })).toMatchObject({ exitCode: 20 });
    expect(back.live.green).toBe(0);
  });

  test("is shown with who paused it, and how to go on", async () => {
    const seen = await status(new World(paused(10)).context());
    expect(seen.sentence).toContain("release v2-g3 is paused by ann: lunch");
    expect(seen.next).toBe("npx bluegreen resume");
  });
});

describe("resume", () => {
  test("goes on where the release was: the bake is not begun anew, the step has its whole time", async () => {
    const world = new World(sharing(10));
    const liveMs = world.deployedMs;
    world.clock.advance(4 * MINUTE);
    await pause(world.context(), "");
    world.clock.advance(10 * MINUTE);
    expect(await resume(world.context())).toMatchObject({ exitCode: 0, changed: true });
    const { release } = world.config;
    expect(release).toMatchObject({
      state: "running",
      reason: "",
      liveSince: new Date(liveMs).toISOString(),
    });
    expect(Date.parse(release?.deadline ?? "")).toBeGreaterThan(world.clock.now() + 29 * MINUTE);
    expect(await step(world.context(), ONCE)).toMatchObject({ verdict: { kind: "advance", to: 50 } });
    expect(world.config.release?.liveSince).toBe("");
  });

  test("has nothing to do for a release that runs", async () => {
    expect(await resume(new World(sharing(10)).context())).toMatchObject({ exitCode: 0, changed: false });
  });
});

describe("approve", () => {
  const marked = { approvals: [50, 100] };
  const proven = (raw: Parameters<typeof withPolicy>[0], policy: object) => {
    const world = new World(withPolicy(raw, policy));
    world.clock.advance(6 * MINUTE);
    return world;
  };

  test("lets the release go to the share it waited for, and not beyond", async () => {
    const world = proven(sharing(10), marked);
    const waits = await step(world.context(), ONCE);
    expect(waits).toMatchObject({
      exitCode: 10,
      finished: false,
      verdict: { kind: "hold", why: "approval" },
    });
    expect((await status(world.context())).next).toBe("npx bluegreen approve --step 50");
    expect(await approve(world.context(), undefined)).toMatchObject({
      exitCode: 0,
      release: { approvedSteps: [50] },
    });
    expect(world.log).toEqual(["route: bluegreen: release v2-g3 may go to 50 %, approved by tester@host"]);
    expect(await step(world.context(), ONCE)).toMatchObject({ verdict: { kind: "advance", to: 50 } });
    expect(world.config.release?.approvedSteps).toEqual([50]);
    world.clock.advance(6 * MINUTE);
    expect(await step(world.context(), ONCE)).toMatchObject({ verdict: { kind: "hold", why: "approval" } });
  });

  test("may be given ahead, also before the first share", async () => {
    const world = proven(candidateReady(), marked);
    await approve(world.context(), 100);
    await approve(world.context(), 50);
    expect(world.config.release?.approvedSteps).toEqual([50, 100]);
    const done = await rollout(world.context(), { pollMs: 10_000, skipTests: true });
    expect(done).toMatchObject({ exitCode: 0, result: "promoted" });
  });

  test("is needed for the first share when that is marked", async () => {
    const world = proven(candidateReady(), { approvals: [10] });
    const waits = await rollout(world.context(), { pollMs: 10_000, skipTests: true });
    expect(waits).toMatchObject({ exitCode: 10, result: "waits", last: { verdict: { why: "approval" } } });
    expect(world.live.green).toBe(0);
  });

  test("is no news for a share that is approved", async () => {
    const world = proven(sharing(10), marked);
    await approve(world.context(), 50);
    expect(await approve(world.context(), 50)).toMatchObject({ exitCode: 0, changed: false });
  });

  test.each([
    ["where no share is marked", sharing(10), {}, undefined],
    ["for a share that is not marked", sharing(10), { approvals: [50] }, 100],
    ["for a share that the release has", sharing(50), marked, 50],
  ])("is refused %s", async (_title, raw, policy, share) => {
    await expect(approve(proven(raw, policy).context(), share)).rejects.toMatchObject({ code: "BG161" });
  });
});

describe("what a person says beside a rollout", () => {
  test("is seen by the rollout, whichever of them writes first", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    const { store, ...rest } = world.context();
    // The rollout has read the stack; before it writes, somebody pauses the release.
    const late = {
      ...rest,
      store: {
        ...store,
        apply: async (update: Update) => {
          if (world.config.release?.state === "running") {
            await pause(world.context(), "wait");
            return { kind: "stale" } as const;
          }
          return store.apply(update);
        },
      },
    };
    expect(await step(late, ONCE)).toMatchObject({ exitCode: 0, finished: false });
    expect(await step(late, ONCE)).toMatchObject({ verdict: { kind: "hold", why: "paused" } });
    expect(world.live.green).toBe(10);
  });

  test("is recorded under the person, whatever the process", async () => {
    const world = new World(sharing(10));
    const owner = showOwner({ user: "ann", host: "box", pid: 7, since: "2026-01-01T00:00:00.000Z" });
    await pause({ ...world.context(), owner }, "");
    expect(world.config.release).toMatchObject({ reason: "by ann@box", owner: "" });
  });
});
