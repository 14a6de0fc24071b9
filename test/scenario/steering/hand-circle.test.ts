import { ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRunning } from "../support/verb.ts";
import { aStack, until, type World } from "../support/world.ts";

/** An update takes some seconds, and a machine may be busy. */
const LONG = 120_000;

/** The changes that an update made, without the reads and what stayed the same; and whether it succeeded. */
async function lastUpdate(world: World) {
  const [newest] = await world.see.history();
  const { same: _same, read: _read, ...changes } = newest?.resourceChanges ?? {};
  return { changes, result: newest?.result };
}

describe("given a model on each slot, and a person with nothing but Pulumi's own commands", () => {
  let world: World;
  let start: Awaited<ReturnType<World["see"]["standing"]>>;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
    await until(async () => (await world.see.healthyTargets("green")) === 1);
    start = await world.see.standing();
  }, LONG);
  afterAll(() => world.close(), LONG);

  interface Turn {
    readonly title: string;
    /** Of `pulumi config`. */
    readonly command: readonly string[];
    readonly live: { readonly blue: number; readonly green: number };
  }
  const turns: readonly Turn[] = [
    { title: "greenWeight 10", command: ["set", "greenWeight", "10"], live: { blue: 90, green: 10 } },
    { title: "greenWeight 50", command: ["set", "greenWeight", "50"], live: { blue: 50, green: 50 } },
    {
      title: "activeSlot green, without what it was shifted",
      command: ["set-all", "--plaintext", "activeSlot=green", "--plaintext", "greenWeight=0"],
      live: { blue: 0, green: 100 },
    },
    { title: "blueWeight 10", command: ["set", "blueWeight", "10"], live: { blue: 10, green: 90 } },
    { title: "blueWeight 0", command: ["set", "blueWeight", "0"], live: { blue: 0, green: 100 } },
    { title: "activeSlot blue", command: ["set", "activeSlot", "blue"], live: { blue: 100, green: 0 } },
  ];

  const up = () => world.pulumi("up", "--yes", "--skip-preview");

  it.each(turns)(
    "$title moves that many users in one update operation",
    async ({ command, live }) => {
      await world.pulumi("config", ...command);
      await up();
      expect(await lastUpdate(world)).toEqual({ changes: { update: 1 }, result: "succeeded" });
      expect(await world.see.live()).toEqual(live);
      const asked = 400;
      const counts = await world.ask(asked);
      expect((counts["1"] ?? 0) + (counts["2"] ?? 0)).toBe(asked);
      // Six standard deviations of a binomial count: exceeded once in a hundred million runs, and exact at 0 and 100.
      const share = live.green / 100;
      const tolerance = 6 * Math.sqrt(asked * share * (1 - share));
      expect(Math.abs((counts["2"] ?? 0) - asked * share)).toBeLessThanOrEqual(tolerance);
    },
    LONG,
  );

  it(
    "ends where it began",
    async () => {
      expect(await world.see.standing()).toEqual(start);
    },
    LONG,
  );

  it(
    "a share together with another model is refused, in the preview and in an update without one",
    async () => {
      const history = await world.see.history();
      await world.pulumi("config", "set", "greenWeight", "10");
      await world.pulumi("config", "set", "--path", "green.image", "digits:1");
      const preview = await world.run("pulumi", "preview");
      const update = await world.run("pulumi", "up", "--yes", "--skip-preview");
      const again = await world.run("pulumi", "up", "--yes", "--skip-preview");
      for (const { exitCode, stdout } of [preview, update, again]) {
        expect(exitCode).toBe(1);
        expect(stdout).toContain(
          "greenWeight is 10; allowed: 0 in the update that changes green.image: first the tasks, then their users. Fix it: npx bluegreen pulumi config set greenWeight 0 && npx bluegreen pulumi up",
        );
      }
      expect((await world.see.history()).filter(({ result }) => result === "succeeded")).toEqual(history);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "and passes in two updates, as the message says",
    async () => {
      await world.pulumi("config", "set", "greenWeight", "0");
      await up();
      await world.pulumi("config", "set", "greenWeight", "10");
      await up();
      expect(await lastUpdate(world)).toEqual({ changes: { update: 1 }, result: "succeeded" });
      expect(await world.see.live()).toEqual({ blue: 90, green: 10 });
    },
    LONG,
  );

  it(
    "destroy leaves nothing, also not in the memory of the program: the next update is the first",
    async () => {
      const tasks = await world.see.taskPids();
      expect(tasks.length).toBe(2);
      const { clusterName: cluster } = await world.see.outputs();
      await world.pulumi("destroy", "--yes");
      const elb = new ElasticLoadBalancingV2Client(world.see.sdk);
      const ecs = new ECSClient(world.see.sdk);
      const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand());
      const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand());
      const services = await ecs
        .send(new ListServicesCommand({ cluster }))
        .catch((error: unknown) => (error instanceof Error ? error.name : error));
      elb.destroy();
      ecs.destroy();
      expect({ LoadBalancers, TargetGroups, services }).toEqual({
        LoadBalancers: [],
        TargetGroups: [],
        services: "ClusterNotFoundException",
      });
      await until(async () => tasks.every((pid) => !isRunning(pid)));
      expect((await world.pulumi("stack", "output", "--json")).stdout.trim()).toBe("{}");

      const refused = await world.run("pulumi", "preview");
      expect(refused.stdout).toContain("0 until an update has started green: so far it is empty");
      await world.pulumi("config", "set", "greenWeight", "0");
      await world.pulumi("up", "--yes", "--skip-preview");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );
});

describe("given a checkout from before the last release, with an edit of a person in it", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({ speed: 60, blue: { image: "digits:1", modelVersion: "1" } });
    await world.deploy("digits:2", "2");
    // What `git checkout` of an older commit would bring: no release, no model on green.
    for (const key of ["generation", "release", "green"]) await world.pulumi("config", "rm", key);
    await world.pulumi("config", "set", "--path", "thresholds.maxErrorRate", "0.2");
  }, LONG);
  afterAll(() => world.close(), LONG);

  const up = () => world.pulumi("up", "--yes", "--skip-preview");
  const config = async (path: string) => (await world.pulumi("config", "get", "--path", path)).stdout.trim();

  it(
    "is refused in the preview, for its age alone",
    async () => {
      const history = await world.see.history();
      const { exitCode, stdout } = await world.run("pulumi", "preview");
      expect(exitCode).toBe(1);
      expect(stdout).toContain("1 problem in the stack configuration");
      // A deploy writes twice: the model, and how its server wants to be asked.
      expect(stdout).toContain("generation is 0; allowed: 2 or more");
      expect(stdout).toContain("Fix it: npx bluegreen sync");
      expect(await world.see.history()).toEqual(history);
    },
    LONG,
  );

  it(
    "sync fixes it and leaves the edit alone",
    async () => {
      const { exitCode, stdout } = await world.run("sync");
      expect({ exitCode, stdout: stdout.trim() }).toEqual({
        exitCode: 0,
        stdout: "brought to generation 2: green, release, generation",
      });
      expect(await config("generation")).toBe("2");
      expect(await config("green.image")).toMatch(/^digits:2@sha256:[0-9a-f]{64}$/);
      expect(await config("thresholds.maxErrorRate")).toBe("0.2");
    },
    LONG,
  );

  it(
    "and the next update carries out the edit, and nothing else",
    async () => {
      await up();
      // Of each slot the alarms on failed and on unanswered requests, and the dashboard, which draws the threshold.
      expect(await lastUpdate(world)).toEqual({ changes: { update: 5 }, result: "succeeded" });
      expect((await world.see.standing()).images).toEqual({ blue: "digits:1", green: "digits:2" });
    },
    LONG,
  );
});
