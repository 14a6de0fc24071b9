import { describe, expect, test } from "vitest";
import { promoteNow } from "../../../validation/steering/promote.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady, sharing, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const URGENT = { reason: "the fix is urgent", withoutEvidence: false };
const ANYHOW = { ...URGENT, withoutEvidence: true };

/** A release that has been watched for long enough to have evidence, and not for long enough to go on. */
function world(raw: Record<string, unknown> = sharing(10)): World {
  const made = new World(raw);
  made.clock.advance(4 * MINUTE);
  return made;
}
const alarm = (one: World) => {
  one.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: one.clock.now() };
};

describe("promote --now", () => {
  test("promotes a release whose gates pass, over the bake and the steps that are left", async () => {
    const one = world();
    const done = await promoteNow(one.context(), URGENT);
    expect(done).toMatchObject({ exitCode: 0, promoted: true, release: { state: "promoted" } });
    expect(one.live).toEqual({ blue: 0, green: 100 });
    expect(one.config.activeSlot).toBe("green");
    expect(one.config.release?.reason).toBe("promoted at once from 10 % by tester@host: the fix is urgent");
    expect(one.log).toEqual([
      "route: bluegreen: release v2-g3 is promoted at once from 10 % by tester@host: the fix is urgent",
    ]);
  });

  test("gives nobody to a candidate that a person rolls back with an own pulumi up while it is judged", async () => {
    const one = world();
    const context = one.context();
    const apply: typeof context.store.apply = async (update) => {
      // A person's update does not raise the generation.
      if (one.config.split.green === 10) {
        one.raw = { ...one.raw, greenWeight: "0" };
        one.setLive(100);
      }
      return context.store.apply(update);
    };
    const promoted = promoteNow({ ...context, store: { ...context.store, apply } }, URGENT);
    await expect(promoted).rejects.toThrow("The route is not as the release");
    expect(one.live).toEqual({ blue: 100, green: 0 });
    expect(one.updates).toBe(0);
  });

  test("promotes a paused release, and one that waits for an approval", async () => {
    const paused = { ...sharing(10), release: { ...sharing(10).release, state: "paused" } };
    const marked = { ...sharing(10), rollout: { ...sharing(10).rollout, approvals: [50] } };
    for (const raw of [paused, marked]) {
      expect(await promoteNow(world(raw).context(), URGENT)).toMatchObject({ promoted: true });
    }
  });

  test.each([
    ["an alarm of the candidate", alarm, "error-rate is 0.3"],
    ["the candidate's tasks", (one: World) => (one.health.green = counts(0)), "0 of 2 tasks"],
    [
      "the active slot itself",
      (one: World) => (one.alarmStates.blue.cpu = { state: "ALARM" }),
      "blue itself is in ALARM",
    ],
  ])("refuses when %s fails, whatever it is told", async (_title, breakIt, words) => {
    for (const options of [URGENT, ANYHOW]) {
      const one = world();
      breakIt(one);
      const refused = await promoteNow(one.context(), options);
      expect(refused).toMatchObject({ exitCode: 10, promoted: false });
      expect(refused.sentence).toContain(words);
      expect(refused.sentence).toContain("npx bluegreen revert");
      expect(one.updates).toBe(0);
    }
  });

  test.each([
    ["alarms that cannot be read", (one: World) => (one.failing = { alarms: "ECONNRESET" }), "error-rate"],
    [
      "metrics that cannot be read",
      (one: World) => (one.failing = { metrics: "throttled" }),
      "minimum-requests",
    ],
    ["too few requests", (one: World) => (one.requestsPerMinute = 10), "minimum-requests"],
    ["an alarm that does not exist", (one: World) => one.missingAlarms.push("green-cpu"), "cpu"],
  ])(
    "refuses %s, unless it is told to do without, and then names the gate",
    async (_title, breakIt, gate) => {
      const one = world();
      breakIt(one);
      const refused = await promoteNow(one.context(), URGENT);
      expect(refused).toMatchObject({ exitCode: 10, promoted: false });
      expect(refused.sentence).toContain("--without-evidence");
      expect(one.updates).toBe(0);

      expect(await promoteNow(one.context(), ANYHOW)).toMatchObject({ exitCode: 0, promoted: true });
      expect(one.config.release?.reason).toMatch(
        new RegExp(`without an answer of .*\\b${gate}\\b.*: the fix is urgent$`),
      );
    },
  );

  test("refuses a share that has just become live: the alarms have not judged it", async () => {
    expect(await promoteNow(new World(sharing(10)).context(), URGENT)).toMatchObject({ exitCode: 10 });
  });

  test("refuses a candidate without users, and a route that somebody else has changed", async () => {
    await expect(promoteNow(world(candidateReady()).context(), ANYHOW)).rejects.toMatchObject({
      code: "BG160",
    });
    const one = world();
    one.setLive(37);
    await expect(promoteNow(one.context(), ANYHOW)).rejects.toMatchObject({ code: "BG169" });
  });

  test("has done its work when it is run once more, after it was cut off or not", async () => {
    const one = world();
    expect(await promoteNow(one.context(), URGENT)).toMatchObject({ exitCode: 0, promoted: true });
    const again = await promoteNow(one.context(), URGENT);
    expect(again).toMatchObject({ exitCode: 0, promoted: false, release: { state: "promoted" } });
    expect(again.sentence).toMatch(/is promoted already; green is the active slot$/);
    expect(one.updates).toBe(1);
  });

  test("goes on when it was killed after the route had changed, and before Pulumi knew", async () => {
    const one = world();
    one.setLive(0);
    one.locks = [{ who: "me@here (pid 7)", dead: true }];
    // The split that it starts from is live anew, so what was seen before is no evidence for it.
    expect(await promoteNow(one.context(), URGENT)).toMatchObject({ exitCode: 10, promoted: false });
    expect(one.log[0]).toBe("lock broken");
    expect(one.live).toEqual({ blue: 90, green: 10 });
    expect(await promoteNow(one.context(), ANYHOW)).toMatchObject({ exitCode: 0, promoted: true });
  });

  test("ends the rollout that was at work on the release", async () => {
    const one = world();
    let sleeps = 0;
    let done: Promise<unknown> | undefined;
    one.onSleep = () => {
      sleeps += 1;
      if (sleeps === 1) done = promoteNow(one.context(), URGENT);
    };
    expect(await rollout(one.context(), { pollMs: 1_000 })).toMatchObject({
      exitCode: 0,
      result: "promoted",
    });
    expect(await done).toMatchObject({ promoted: true });
    expect(one.log).toHaveLength(1);
  });
});
