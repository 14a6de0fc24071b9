import { CloudWatchClient, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
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

describe("given a protected stack with a model and users", () => {
  let world: World;
  beforeAll(async () => {
    const blue = { image: "digits:1", modelVersion: "1" };
    world = await aStack({ speed: 60, rollout: { protect: true }, blue });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
  }, LONG);
  afterAll(() => world.close(), LONG);

  /** Names of what is left in the cloud. */
  async function left(): Promise<Readonly<Record<string, number>>> {
    const elb = new ElasticLoadBalancingV2Client(world.see.sdk);
    const watch = new CloudWatchClient(world.see.sdk);
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand());
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand());
    const { DashboardEntries = [] } = await watch.send(new ListDashboardsCommand());
    elb.destroy();
    watch.destroy();
    return {
      balancers: LoadBalancers.length,
      groups: TargetGroups.length,
      dashboards: DashboardEntries.length,
    };
  }

  it(
    "destroy refuses, names what is protected, and takes nothing away",
    async () => {
      const refused = await world.run("pulumi", "destroy", "--yes");
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("protect");
      expect(await left()).toEqual({ balancers: 1, groups: 5, dashboards: 1 });
      expect(await world.ask(20)).toEqual({ "1": 20 });
    },
    LONG,
  );

  it(
    "taking the protection away is an update that no user notices",
    async () => {
      await world.pulumi("config", "set", "--path", "rollout.protect", "false");
      await world.pulumi("up", "--yes", "--skip-preview");
      expect(await world.ask(20)).toEqual({ "1": 20 });
    },
    LONG,
  );

  it(
    "and then destroy leaves nothing: no load balancer, no dashboard, no task",
    async () => {
      const tasks = await world.see.taskPids();
      expect(tasks.length).toBe(1);
      await world.pulumi("destroy", "--yes");
      expect(await left()).toEqual({ balancers: 0, groups: 0, dashboards: 0 });
      await until(async () => tasks.every((pid) => !isRunning(pid)));
      expect((await world.pulumi("stack", "output", "--json")).stdout.trim()).toBe("{}");
    },
    LONG,
  );
});
