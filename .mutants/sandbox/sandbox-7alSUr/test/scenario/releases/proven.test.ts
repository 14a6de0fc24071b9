import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localClock } from "../../../validation/adapters/clock.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 300_000;
const SPEED = 30;
const MINUTE_MS = 60_000;
const REQUESTS_PER_MINUTE = 600;
/** From what users did in these, a schedule is chosen; as many as it takes to know how failures cluster. */
const MINUTES_BEFORE = 8;

/** As shipped, which the other stories are not: they are about something else. */
const SHIPPED = { advanceWhen: undefined, maxBlindSpots: undefined };

/** The first thing that `rollout` says of the release, after where it works. */
const toldIn = (stderr: string) => stderr.split("\n").find((line) => /→ 100 %/.test(line)) ?? stderr;

async function usersForAWhile(world: World): Promise<void> {
  world.users(REQUESTS_PER_MINUTE);
  const clock = await localClock(world.endpoint.url);
  await clock.sleep(MINUTES_BEFORE * MINUTE_MS);
}

describe("given users on digits:1, the shipped proof and little time for it", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      rollout: { ...SHIPPED, minRequests: 100, targetMinutes: 20, deadlineMinutes: "auto" },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    await world.deploy("digits:2", "2");
    await usersForAWhile(world);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a good model is promoted by the schedule that the first line tells, and the evidence keeps it",
    async () => {
      const path = join(world.place.directory, "check.json");
      const release = await world.rollout("--untested", "--evidence", path);
      expect(release).toMatchObject({ exitCode: 0, result: "promoted" });
      const told = toldIn(release.stderr);
      expect(told).toMatch(
        /50 → 100 % promotes a good model after about \d+ minutes at \d+ requests a minute\. A step goes on when the candidate is proven to fail less than 10 times as often as the active slot, or in less than [\d.]+ % of its requests; a model that fails in [\d.]+ % of its requests would be promoted in \d+ of 100 such releases/,
      );
      const { release: kept } = JSON.parse(await readFile(path, "utf8"));
      const { provenRatios, provenRate, minutes, odds } = kept.compared.schedule;
      expect(provenRatios).toEqual([10, 5, 5]);
      expect(told).toContain(`in less than ${100 * provenRate} % of its requests`);
      expect(minutes).toHaveLength(2);
      expect(told).toContain(`after about ${minutes[0] + minutes[1]} minutes`);
      expect(odds[0].fault).toMatch(/^in [\d.]+ % of its requests$/);
      expect(odds[0].promoted).toBeLessThan(0.2);
    },
    LONG,
  );
});

describe("given two models that fail alike, and a proof of one's own that takes longer than a step has", () => {
  let world: World;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bluegreen-proven-"));
    const failing = join(directory, "failing");
    await writeFile(failing, "");
    world = await aStack({
      speed: SPEED,
      rollout: { ...SHIPPED, minRequests: 100, provenRatios: [1.2], deadlineMinutes: 20 },
      // Both fail every tenth request, which is what they are compared by.
      thresholds: { maxErrorRate: 0.5 },
      service: { command: ["node", "test/scenario/fixtures/odd-model.ts", "fails", failing] },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    await world.deploy("digits:2", "2");
    await usersForAWhile(world);
  }, LONG);
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true });
  }, LONG);

  it(
    "rollout says so before the first user, holds at the first step, and ends with 11 and the minutes that are missing",
    async () => {
      const release = await world.rollout("--untested");
      expect(toldIn(release.stderr)).toMatch(
        /50 → 100 % stops at 50 % at \d+ requests a minute: until its deadline of 20 min it has not seen enough to go on\. A step goes on when the candidate is proven to fail less than 1\.2 times as often as the active slot/,
      );
      expect(release.stderr).toMatch(
        /deadlines from the plan, about \d+ min: pulumi config set --path rollout\.deadlineMinutes auto/,
      );
      expect(release).toMatchObject({ exitCode: 11, result: "waits" });
      expect(release.sentence).toMatch(
        /not proven yet that it fails less than 1\.2 times as often \(e-value [\d.]+, threshold 20; about \d+ min at this traffic\)/,
      );
      expect(await world.see.live()).toEqual({ blue: 50, green: 50 });
    },
    LONG,
  );
});
