import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failed, type Answer } from "../../../cli/demo/traffic.ts";
import type { Users } from "../support/users.ts";
import { STOPPED_BY_DEPLOY } from "../support/variants.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
// What is a second of a busy machine must not be a minute of this clock; with the CLI each update has a process more.
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 20;

/**
 * What the candidate failed, and what that is held against: the active slot, or the limit of an alarm. The comparison is
 * usually first. It counts from when the update of the share has ended; where that takes minutes of this fast clock,
 * the alarm has seen enough by then.
 */
function bothNumbers(sentence: string): { readonly seenPercent: number; readonly besidePercent: number } {
  const compared = /failed: [^,]* \((\d+) %\), [^,]* \((\d+) %\) on blue/.exec(sentence);
  if (compared !== null) return { seenPercent: Number(compared[1]), besidePercent: Number(compared[2]) };
  const alarm = /error-rate(?: is |: alarm \(.*\[)([\d.]+).*, allowed is at most ([\d.]+)/.exec(sentence);
  if (alarm === null) throw new Error(`neither speaks: ${sentence}`);
  return { seenPercent: 100 * Number(alarm[1]), besidePercent: 100 * Number(alarm[2]) };
}

describe("given 200 requests a minute on digits:1 and a release in which one request in five fails", () => {
  let world: World;
  let users: Users;
  /** When the route showed 100/0 again, real epoch milliseconds. */
  let backMs: number;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      rollout: { steps: [10, 100], minRequests: 100, maxBlindSpots: [0.2] },
      blue: { image: "digits:1", modelVersion: "1" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  const ofVersion = (version: string) => users.answers().filter((answer) => answer.version === version);

  it(
    "rollout rolls it back, and says both numbers",
    async () => {
      await world.deploy("digits:3-flaky", "3");
      users = world.users(200);
      const verb = world.start("rollout", "--skip-tests", "--json");
      await verb.saw("all traffic is on blue");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      backMs = Date.now();
      const release = world.verdictOf(await verb.ended);
      expect(release).toMatchObject({ exitCode: 20, result: "rolledBack" });
      const { seenPercent, besidePercent } = bothNumbers(release.sentence);
      expect(seenPercent).toBeGreaterThan(10);
      expect(seenPercent).toBeLessThan(30);
      expect(besidePercent).toBeLessThanOrEqual(5);
      expect(await world.see.standing()).toEqual({
        activeSlot: "blue",
        shifted: { blue: 0, green: 0 },
        live: { blue: 100, green: 0 },
        releaseState: "rolledBack",
        images: { blue: "digits:1", green: "digits:3-flaky" },
      });
    },
    LONG,
  );

  it("within four virtual minutes of the first failure that a user saw", () => {
    const first = users.failures()[0];
    expect(first?.version).toBe("3");
    expect(virtualMinutes(first, backMs)).toBeLessThan(4);
  });

  it("nobody whom the active slot answered saw a failure, and nobody else but the candidate's users did", () => {
    expect(ofVersion("1").length).toBeGreaterThan(500);
    expect(ofVersion("1").filter(failed)).toEqual([]);
    const versions = new Set(users.failures().map(({ version }) => version));
    expect(versions).toEqual(new Set(["3"]));
    expect(ofVersion("3").length).toBeLessThan(0.2 * users.answers().length);
  });

  it("a second rollout of the same release says so and moves nobody", async () => {
    const againMs = Date.now();
    const again = await world.rollout();
    expect(again).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(again.sentence).toContain("was rolled back: ");
    expect(bothNumbers(again.sentence).seenPercent).toBeGreaterThan(10);
    expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    await users.leave();
    const since = users.answers().filter(({ realMs }) => realMs > againMs);
    expect(since.length).toBeGreaterThan(0);
    expect(since.filter(({ version }) => version !== "1")).toEqual([]);
  });

  it(
    "a model that crashes on its start after it never gets as far as users",
    async () => {
      const crashed = await world.deploy("digits:3-crash", "3-crash");
      expect(crashed).toMatchObject({ exitCode: 10, error: { code: STOPPED_BY_DEPLOY["digits:3-crash"] } });
      const service = (await world.see.outputs()).slots.green.running?.serviceName;
      expect(crashed.error?.message).toContain(`ECS went back to ${service}:1.`);
      expect(crashed.error?.message).toContain("deployment failed: tasks failed to start.");
      expect(crashed.error?.message).toContain(`logs/${service}`);
      expect(crashed.error?.message).toMatch(/The log of its task \S+ \(\S+-green:2\)/);
      expect(crashed.error?.message).toContain("\n    digits: the model cannot be loaded");
      const again = await world.rollout("--skip-tests");
      expect(again).toMatchObject({ exitCode: 10, error: { code: STOPPED_BY_DEPLOY["digits:3-crash"] } });
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      expect(await world.ask(50)).toEqual({ "1": 50 });
    },
    LONG,
  );
});

function virtualMinutes(from: Answer | undefined, toMs: number): number {
  return from === undefined ? Number.NaN : ((toMs - from.realMs) * SPEED) / 60_000;
}
