import { CloudWatchClient, DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isCloudWatch, type Gate } from "../support/gate.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;

describe("given a release at 50 percent whose evidence cannot be read", () => {
  let world: World;
  let gate: Gate;
  beforeAll(async () => {
    world = await aStack({
      speed: 120,
      rollout: { deadlineMinutes: 8 },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    gate = await world.gate();
    world.users(60);
    await world.deploy("digits:2", "2");
  }, LONG);
  afterAll(() => world.close(), LONG);

  const halfway = { activeSlot: "blue", live: { blue: 50, green: 50 }, releaseState: "running" };

  it(
    "rollout holds while CloudWatch fails, never advances, and ends at the deadline with 11",
    async () => {
      const verb = world.start("rollout", "--skip-tests", "--json");
      await verb.saw("live: blue 50 % · green 50 %");
      gate.fail(isCloudWatch);
      const verdict = world.verdictOf(await verb.ended);
      expect(verdict).toMatchObject({ exitCode: 11, result: "waits" });
      expect(verdict.sentence).toMatch(/waiting for an answer, and the deadline has passed: .*could not be/);
      expect(await world.see.standing()).toMatchObject(halfway);
    },
    LONG,
  );

  it(
    "an alarm that somebody deleted is no evidence either",
    async () => {
      gate.fail(undefined);
      const { slots } = await world.see.outputs();
      const client = new CloudWatchClient(world.see.sdk);
      const { alarms, slotAlarm = "" } = slots.green.running ?? {};
      // CloudWatch: an alarm goes only after the composite alarm that is made of it.
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [slotAlarm] }));
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [alarms?.["error-rate"] ?? ""] }));
      client.destroy();
      const verdict = await world.rollout();
      expect(verdict).toMatchObject({ exitCode: 11, result: "waits" });
      expect(verdict.sentence).toContain("green-error-rate does not exist");
      expect(await world.see.standing()).toMatchObject(halfway);
    },
    LONG,
  );

  it(
    "revert needs no CloudWatch to move all traffic back",
    async () => {
      gate.fail(isCloudWatch);
      expect(await world.revert()).toMatchObject({ exitCode: 0, to: "blue" });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        releaseState: "rolledBack",
      });
    },
    LONG,
  );
});
