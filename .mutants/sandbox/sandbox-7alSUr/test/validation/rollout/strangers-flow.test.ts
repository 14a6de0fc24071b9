import { describe, expect, it } from "vitest";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ROLLOUT = { pollMs: 30_000, skipTests: true };

/** A release under attack from its first user on; the alarm sees what CloudWatch would. */
function attacked(own: Readonly<Record<string, unknown>>): World {
  const raw = candidateReady();
  const world = new World({
    ...raw,
    service: { stickinessSeconds: 3_600 },
    rollout: { ...raw.rollout, ...own },
  });
  world.abandonedPerMinute.green = 600;
  world.onSleep = () => {
    world.alarmStates.green["unanswered-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    world.onSleep = () => {};
  };
  return world;
}

describe("a rollout beside strangers who leave 600 requests a minute on a sticky cookie of the candidate", () => {
  it("holds until its deadline, calls a person, and leaves users and the digest alone", async () => {
    const world = attacked({});
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 10 });
    expect(done.sentence).toMatch(
      /holding, because it may be the candidate and may be its clients, and the deadline has passed: unanswered: \d+ of \d+ requests on green/,
    );
    expect(world.live).toEqual({ blue: 90, green: 10 });
    expect(world.emergencyWrites).toBe(0);
    expect(world.config.release?.compared?.refused).toBeUndefined();
  });

  it("is rolled back at its deadline where the policy says so, and the digest is not refused for it", async () => {
    const world = attacked({ atDeadline: "revert" });
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 20 });
    expect(done.sentence).toContain("the step's deadline passed before it was decided");
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release).toMatchObject({ state: "rolledBack" });
    expect(world.config.release?.compared?.refused).toBeUndefined();
  });

  it("rolls a candidate back that answers 5xx to one in five, and refuses its digest", async () => {
    const world = attacked({});
    world.failureRate.green = 0.2;
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 20 });
    expect(world.config.release?.compared?.refused).toEqual(expect.stringContaining("failed:"));
  });
});
