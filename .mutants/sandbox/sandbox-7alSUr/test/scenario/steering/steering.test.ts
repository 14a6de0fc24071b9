import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningVerb } from "../support/verb.ts";
import type { Users } from "../support/users.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;

describe("given a release whose shares of 50 and 100 % are for a person to approve", () => {
  let world: World;
  let users: Users;
  let rollout: RunningVerb;
  const verb = async (...args: string[]) => world.verdictOf(await world.run(...args, "--json"));
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await world.run(...args, "--json")).stdout);

  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      rollout: { steps: [10, 50, 100], approvals: [50, 100] },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    users = world.users(600);
    await world.deploy("digits:2", "2");
    rollout = world.start("rollout", "--skip-tests", "--json");
    await rollout.saw("live: blue 90 % · green 10 %");
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "pause stops it where it is",
    async () => {
      const paused = await verb("pause", "--reason", "lunch");
      expect(paused).toMatchObject({ exitCode: 0, changed: true });
      expect(paused.sentence).toContain("paused at 10 %");
      await rollout.saw("green at 10 %: waiting for a person: paused by");
      expect(await world.see.standing()).toMatchObject({ live: { green: 10 }, releaseState: "paused" });
    },
    LONG,
  );

  it(
    "a second rollout is told whose release it is, and leaves",
    async () => {
      const second = await verb("rollout");
      expect(second).toMatchObject({ exitCode: 10, result: "waits" });
      expect(second.sentence).toContain(`(process ${rollout.pid} on `);
      expect((await world.see.standing()).releaseState).toBe("paused");
    },
    LONG,
  );

  it(
    "resume lets it go on, to the share that needs a yes",
    async () => {
      expect(await verb("resume")).toMatchObject({ exitCode: 0, changed: true });
      await rollout.saw("green at 10 %: proven, and waiting for a person");
      expect((await world.see.live()).green).toBe(10);
    },
    LONG,
  );

  it(
    "approve gives it that share, and no other",
    async () => {
      expect(await verb("approve")).toMatchObject({ exitCode: 0, release: { approvedSteps: [50] } });
      await rollout.saw("live: blue 50 % · green 50 %");
      await rollout.saw("green at 50 %: proven, and waiting for a person");
      expect((await world.see.live()).green).toBe(50);
    },
    LONG,
  );

  it(
    "promote --now skips what is left, and the rollout ends with it",
    async () => {
      const promoted = await verb("promote", "--now", "--reason", "the fix is urgent");
      expect(promoted).toMatchObject({ exitCode: 0, promoted: true });
      expect(world.verdictOf(await rollout.ended)).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "green",
        live: { blue: 0, green: 100 },
        releaseState: "promoted",
      });
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "history tells how it ended and why",
    async () => {
      expect(await json("history")).toMatchObject({
        releases: [
          {
            slot: "green",
            image: expect.stringMatching(/^digits:2@sha256:/),
            digest: expect.stringMatching(/^sha256:/),
            modelVersion: "2",
            outcome: "promoted",
            shares: [10, 50],
            reason: expect.stringMatching(/^promoted at once from 50 % by .*: the fix is urgent$/),
            seconds: expect.any(Number),
          },
        ],
      });
      expect((await world.run("history")).stdout).toMatch(
        /green +2 +digits:2 +sha256:\w+ +promoted .* 10 → 50 +promoted at once/,
      );
    },
    LONG,
  );

  it(
    "logs shows what the slot's tasks wrote",
    async () => {
      const shown = await world.run("logs", "green", "--lines", "5");
      expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("== task ") });
    },
    LONG,
  );

  it(
    "weights changed behind our back are named, held, and restored with one command",
    async () => {
      const { routeArn, slots } = await world.see.outputs();
      const gate = await world.gate();
      const elb = new ElasticLoadBalancingV2Client({ ...world.see.sdk, endpoint: gate.url });
      const TargetGroups = [
        { TargetGroupArn: slots.blue.targetGroupArn, Weight: 30 },
        { TargetGroupArn: slots.green.targetGroupArn, Weight: 70 },
      ];
      const Actions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
      await elb.send(new ModifyRuleCommand({ RuleArn: routeArn, Actions }));
      elb.destroy();

      expect(await json("status")).toMatchObject({
        // The stack file may be named, too: a rollout and a `promote` beside it both wrote in the same second.
        drift: expect.arrayContaining([
          "route: configured is blue 0 % · green 100 %, live is blue 30 % · green 70 %",
        ]),
        next: "npx bluegreen restore",
      });
      const held = await verb("step");
      expect(held).toMatchObject({ exitCode: 10, situation: "drift" });
      expect(held.sentence).toContain("live is blue 30 % · green 70 %");
      expect(held.sentence).toContain("npx bluegreen restore");
      expect(await world.see.live()).toEqual({ blue: 30, green: 70 });

      expect(await verb("restore")).toMatchObject({ exitCode: 0, restored: true });
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
    },
    LONG,
  );

  it(
    "retire keeps a young standby, until it is given up by name",
    async () => {
      expect(await verb("retire")).toMatchObject({ exitCode: 10, error: { code: "BG163" } });
      expect(await world.see.taskPids("blue")).toHaveLength(1);
      expect(await verb("retire", "--give-up-standby")).toMatchObject({
        exitCode: 0,
        retired: true,
        tasks: 0,
      });
      expect(await world.see.taskPids("blue")).toEqual([]);
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
