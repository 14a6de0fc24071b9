import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

// Several updates each, of some seconds on an idle machine, and of half a minute on a busy one.
const LONG = 300_000;

describe("given a stack with a model on each slot, and updates manually that went wrong elsewhere", () => {
  let world: World;
  let elb: ElasticLoadBalancingV2Client;
  let ecs: ECSClient;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    });
    elb = new ElasticLoadBalancingV2Client(world.see.sdk);
    ecs = new ECSClient(world.see.sdk);
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
    await until(async () => (await world.see.healthyTargets("green")) === 1);
  }, LONG);
  afterAll(async () => {
    elb.destroy();
    ecs.destroy();
    await world.close();
  }, LONG);

  const set = (...assignments: readonly string[]) => world.pulumi("config", "set", ...assignments);
  const up = (...flags: string[]) => world.pulumi("up", "--yes", "--skip-preview", ...flags);
  const said = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await world.run("pulumi", ...args);
    // However the terminal's width has broken the lines.
    return { exitCode, text: `${stdout}${stderr}`.replaceAll(/\s+/g, " ") };
  };
  const shift = async (blue: number, green: number) => {
    const { routeArn, slots } = await world.see.outputs();
    const TargetGroups = [
      { TargetGroupArn: slots.blue.targetGroupArn, Weight: blue },
      { TargetGroupArn: slots.green.targetGroupArn, Weight: green },
    ];
    const Actions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
    await elb.send(new ModifyRuleCommand({ RuleArn: routeArn, Actions }));
  };
  const deploymentOf = async (slot: "blue" | "green") => {
    const { clusterName: cluster, slots } = await world.see.outputs();
    const services = [slots[slot].running?.serviceName ?? ""];
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services }));
    return answer.services?.[0]?.deployments?.find(({ status }) => status === "PRIMARY");
  };

  it(
    "weights that were changed without Pulumi are told of in the preview, and --refresh puts them right",
    async () => {
      await shift(70, 30);
      const preview = await said("preview");
      expect(preview.exitCode).toBe(0);
      expect(preview.text).toContain(
        "The route has blue 70 % · green 30 %, where the last update left blue 100 %",
      );
      expect(preview.text).toContain("npx bluegreen pulumi up --refresh");
      await up("--refresh");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      expect((await said("preview")).text).not.toContain("The route has");
    },
    LONG,
  );

  it(
    "a network that would be replaced under users is refused, and nothing changes",
    async () => {
      await set("--path", "network.cidr", "10.4.0.0/16");
      const refused = await said("up", "--yes", "--skip-preview");
      expect(refused.exitCode).toBe(1);
      expect(refused.text).toContain(
        "network.cidr is 10.4.0.0/16; allowed: 10.0.0.0/16 as deployed while the stack",
      );
      await set("--path", "network.cidr", "10.0.0.0/16");
      expect((await said("preview", "--expect-no-changes")).exitCode).toBe(0);
    },
    LONG,
  );

  it(
    "a route that somebody deleted is made again: ELB checks no target of a group that no rule leads to",
    async () => {
      await elb.send(new DeleteRuleCommand({ RuleArn: (await world.see.outputs()).routeArn }));
      await up("--refresh");
      await until(async () => (await world.see.healthyTargets("blue")) === 1);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      expect(await world.ask(20)).toEqual({ "1": 20 });
    },
    LONG,
  );

  it(
    "a share for a slot whose new model ECS gave up on is refused, though the former one is healthy there",
    async () => {
      await set("--path", "green.image", "digits:3-crash");
      await up();
      const { slots } = await world.see.outputs();
      await until(async () => {
        const primary = await deploymentOf("green");
        const isFormer = primary?.taskDefinition !== slots.green.running?.taskDefinitionArn;
        return isFormer && primary?.rolloutState === "COMPLETED";
      });
      await until(async () => (await world.see.healthyTargets("green")) === 1);
      await set("greenWeight", "10");
      const refused = await said("up", "--yes", "--skip-preview");
      expect(refused.exitCode).not.toBe(0);
      expect(refused.text).toMatch(
        /it runs \S+-green:\d+ where \S+-green:\d+ was asked for: ECS went back to it/,
      );
      expect(refused.text).toContain("npx bluegreen pulumi config set greenWeight 0");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "a slot of users whose edit ECS gave up on keeps what runs there, also after a refresh",
    async () => {
      await set("greenWeight", "0");
      await set("--path", "service.allowInPlace", "true");
      await set("--path", "blue.image", "digits:3-crash");
      await up();
      const { slots } = await world.see.outputs();
      await until(async () => {
        const primary = await deploymentOf("blue");
        const isFormer = primary?.taskDefinition !== slots.blue.running?.taskDefinitionArn;
        return isFormer && primary?.rolloutState === "COMPLETED";
      });
      const [running, pids] = [await deploymentOf("blue"), await world.see.taskPids("blue")];
      await set("--path", "service.allowInPlace", "false");
      await up("--refresh");
      expect(await deploymentOf("blue")).toEqual(running);
      expect(await world.see.taskPids("blue")).toEqual(pids);
      expect(await world.ask(20)).toEqual({ "1": 20 });
    },
    LONG,
  );
});
