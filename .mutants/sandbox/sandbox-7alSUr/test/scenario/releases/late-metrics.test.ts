import { CloudWatchClient, DescribeAlarmHistoryCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 400_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;
const VIRTUAL_MINUTE_MS = 60_000 / SPEED;

/** How often the composite alarms went into ALARM. */
async function pages({ see }: World): Promise<number> {
  const { slots } = await see.outputs();
  const cloudWatch = new CloudWatchClient(see.sdk);
  const { AlarmHistoryItems = [] } = await cloudWatch.send(
    new DescribeAlarmHistoryCommand({ AlarmTypes: ["CompositeAlarm"], HistoryItemType: "StateUpdate" }),
  );
  const names = [slots.blue.running?.slotAlarm, slots.green.running?.slotAlarm];
  return AlarmHistoryItems.filter(
    ({ AlarmName, HistorySummary }) => names.includes(AlarmName) && HistorySummary?.endsWith("to ALARM"),
  ).length;
}

describe.each([
  ["a minute late", "60", 60],
  ["five minutes late, and hosts at once", "300,HealthyHostCount=0", 300],
] as const)("given metrics that are %s", (_when, lag, metricLagSeconds) => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      cloud: ["--publish-lag", lag],
      rollout: { steps: [50, 100], metricLagSeconds, watchdog: true, watchdogManual: true },
      blue: { image: "digits:1", modelVersion: "1" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a good model is deployed and promoted, and nobody is paged",
    async () => {
      await world.deploy("digits:2", "2");
      const users = world.users(300);
      expect(await world.rollout("--skip-tests")).toMatchObject({ exitCode: 0, result: "promoted" });
      await users.leave();
      expect(await pages(world)).toBe(0);
    },
    LONG,
  );

  it(
    "users who were shifted manually to one that fails are rolled back by the watchdog, with nothing but the alarm",
    async () => {
      await world.deploy("digits:3-flaky", "3");
      const users = world.users(300);
      await world.pulumi("config", "set", "blueWeight", "50");
      await world.pulumi("up", "--yes", "--skip-preview");
      const sinceMs = Date.now();
      await until(async () => (await world.see.live()).blue === 0);
      const minutes = (Date.now() - sinceMs) / VIRTUAL_MINUTE_MS;
      await users.leave();
      expect(minutes).toBeLessThan(metricLagSeconds / 60 + 6);
    },
    LONG,
  );
});

describe("given a standby that was scaled to zero", () => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  const scale = async (tasks: number) => {
    await world.pulumi("config", "set", "--path", "green.minTasks", String(tasks));
    await world.pulumi("up", "--yes", "--skip-preview");
    await until(async () => (await world.see.healthyTargets("green")) === tasks);
  };
  const watching = async () => (await world.see.outputs()).slots.green.running?.alarms["out-of-service"];

  it(
    "nobody is paged for it, nor while it gets tasks again, which an alarm of their own then watches",
    async () => {
      expect(await watching()).toMatch(/out-of-service$/);
      await scale(0);
      expect(await watching()).toBeUndefined();
      await scale(1);
      const sinceMs = Date.now();
      await until(
        async () => (await watching()) !== undefined && Date.now() - sinceMs > 10 * VIRTUAL_MINUTE_MS,
      );
      expect(await pages(world)).toBe(0);
    },
    LONG,
  );
});
