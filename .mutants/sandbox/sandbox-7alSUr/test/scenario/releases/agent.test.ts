import { DescribeTasksCommand, ECSClient, ListTasksCommand } from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Slot } from "../../../contract/slot.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 300_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;

/** Containers of a slot's tasks and the ports of this machine that stand for theirs; the ports that the load balancer uses. */
async function standing({ see }: World, slot: Slot) {
  const { clusterName: cluster, slots } = await see.outputs();
  const [ecs, elb] = [new ECSClient(see.sdk), new ElasticLoadBalancingV2Client(see.sdk)];
  try {
    const serviceName = slots[slot].running?.serviceName;
    const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    const containers = (described.tasks ?? []).flatMap((task) => task.containers ?? []);
    const health = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: slots[slot].targetGroupArn }),
    );
    return {
      containers: Object.fromEntries(
        containers.map(({ name = "", networkBindings = [] }) => [name, networkBindings[0]?.hostPort]),
      ),
      healthyPorts: (health.TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) =>
        TargetHealth?.State === "healthy" ? [Target?.Port] : [],
      ),
    };
  } finally {
    ecs.destroy();
    elb.destroy();
  }
}

describe("given a model without an agent, and users on it", () => {
  let world: World;
  let users: ReturnType<World["users"]>;
  const up = () => world.pulumi("up", "--yes", "--skip-preview");
  beforeAll(async () => {
    world = await aStack({ speed: SPEED });
    const { exitCode, sentence } = await world.deploy("digits:1", "1");
    if (exitCode !== 0) throw new Error(sentence);
    users = world.users(600);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "an agent in service is for the next deploy, and touches nobody",
    async () => {
      const before = await world.see.taskPids("blue");
      await world.pulumi("config", "set", "--path", "service.agent.front.streams.stallSeconds", "20");
      const { stdout, stderr } = await world.run("diff");
      expect(`${stdout}${stderr}`.replaceAll(/\s+/g, " ")).toContain(
        "for the next deploy, touches nothing that runs",
      );
      await up();
      expect(await world.see.taskPids("blue")).toEqual(before);
      expect(Object.keys((await standing(world, "blue")).containers)).toEqual(["model"]);
    },
    LONG,
  );

  it(
    "the next model is deployed with it, reached and found healthy through it alone",
    async () => {
      expect(await world.deploy("digits:2", "2")).toMatchObject({ exitCode: 0 });
      const { containers, healthyPorts } = await standing(world, "green");
      expect(Object.keys(containers)).toEqual(["model", "agent"]);
      expect(healthyPorts).toEqual([containers["agent"]]);
      expect(await world.see.environment("green")).toMatchObject({ AWS_EMF_ENVIRONMENT: "Local" });
      await world.pulumi("config", "set", "activeSlot", "green");
      await up();
      expect(await world.ask(50)).toEqual({ "2": 50 });
    },
    LONG,
  );

  it(
    "its users come back to the model without one, and nobody has lost a request",
    async () => {
      expect(await world.revert()).toMatchObject({ exitCode: 0 });
      expect(await world.ask(50)).toEqual({ "1": 50 });
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "taken out of service it goes with the next deploy, for which the load balancer goes to the model again",
    async () => {
      await world.pulumi("config", "rm", "--path", "service.agent");
      await up();
      expect(Object.keys((await standing(world, "green")).containers)).toEqual(["model", "agent"]);
      expect(await world.deploy("digits:3", "3")).toMatchObject({ exitCode: 0 });
      const { containers, healthyPorts } = await standing(world, "green");
      expect(Object.keys(containers)).toEqual(["model"]);
      expect(healthyPorts).toEqual([containers["model"]]);
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
