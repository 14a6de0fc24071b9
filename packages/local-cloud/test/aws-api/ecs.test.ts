import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  PutClusterCapacityProvidersCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEcsWorld, type EcsWorld } from "./ecs-world.ts";

let world: EcsWorld["world"];
let client: EcsWorld["client"];
let register: EcsWorld["register"];
let createService: EcsWorld["createService"];
let describeBlue: EcsWorld["describeBlue"];
let close: EcsWorld["close"];

beforeEach(async () => {
  ({ world, client, register, createService, describeBlue, close } = await createEcsWorld());
});

afterEach(async () => {
  await close();
});

describe("clusters", () => {
  test("are created, described, given capacity providers and deleted", async () => {
    const providers = { cluster: "models", capacityProviders: ["FARGATE", "FARGATE_SPOT"] };
    await client.send(
      new PutClusterCapacityProvidersCommand({
        ...providers,
        defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
      }),
    );
    const { clusters, failures } = await client.send(
      new DescribeClustersCommand({ clusters: ["models", "nobody"] }),
    );
    expect(clusters?.[0]).toMatchObject({
      clusterArn: "arn:aws:ecs:us-east-1:000000000000:cluster/models",
      status: "ACTIVE",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    expect(failures).toMatchObject([{ reason: "MISSING" }]);
    await client.send(new DeleteClusterCommand({ cluster: "models" }));
    await expect(describeBlue()).rejects.toMatchObject({ name: "ClusterNotFoundException" });
  });

  test("show their tags and settings to who asks for them", async () => {
    const tags = [{ key: "deploy:stack", value: "prod" }];
    const settings = [{ name: "containerInsights" as const, value: "enabled" }];
    const { cluster } = await client.send(new CreateClusterCommand({ clusterName: "own", tags, settings }));
    expect(cluster).toMatchObject({ tags, settings });
    const read = async (include: ("TAGS" | "SETTINGS")[]) =>
      (await client.send(new DescribeClustersCommand({ clusters: ["own"], include }))).clusters?.[0];
    expect(await read([])).toMatchObject({ tags: [], settings: [] });
    expect(await read(["TAGS"])).toMatchObject({ tags, settings: [] });
    expect(await read(["SETTINGS"])).toMatchObject({ tags: [], settings });
  });

  test("with services are not deleted", async () => {
    await register();
    await createService({ desiredCount: 0 });
    await expect(client.send(new DeleteClusterCommand({ cluster: "models" }))).rejects.toMatchObject({
      name: "ClusterContainsServicesException",
    });
  });
});

const after = (containerName: string, condition: "START" | "HEALTHY" = "START") => ({
  dependsOn: [{ containerName, condition }],
});

describe("task definitions", () => {
  test("get the next revision of their family, which is never given twice", async () => {
    expect((await register()).taskDefinition?.revision).toBe(1);
    const { taskDefinition } = await register({ tags: [{ key: "model", value: "digits" }] });
    const arn = "arn:aws:ecs:us-east-1:000000000000:task-definition/digits:2";
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: arn,
      status: "ACTIVE",
      cpu: "256",
      memory: "512",
    });
    // As ECS does for a container without a share of its own.
    expect(taskDefinition?.containerDefinitions?.[0]?.cpu).toBe(0);
    expect(taskDefinition?.registeredAt).toEqual(new Date(world.clock.now()));
    const described = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "digits", include: ["TAGS"] }),
    );
    expect(described.taskDefinition).toEqual(taskDefinition);
    expect(described.tags).toEqual([{ key: "model", value: "digits" }]);
    await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "digits:2" }));
    const newest = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: "digits" }));
    expect(newest.taskDefinition?.revision).toBe(1);
    await expect(createService({ taskDefinition: "digits:2" })).rejects.toThrow("TaskDefinition is inactive");
    expect((await register()).taskDefinition?.revision).toBe(3);
  });

  test.each([
    [
      "a size that Fargate has not",
      { cpu: "256", memory: "99999" },
      {},
      /No Fargate configuration exists for given values: 256 CPU, 99999 memory/,
    ],
    [
      "no size",
      { cpu: undefined, memory: undefined },
      {},
      /Fargate requires task definition to have a cpu value/,
    ],
    [
      "secrets",
      {},
      { secrets: [{ name: "KEY", valueFrom: "arn" }] },
      /does not simulate ECS RegisterTaskDefinition containerDefinitions\.0\.secrets/,
    ],
    [
      "a log driver of CloudWatch and no execution role",
      { executionRoleArn: undefined },
      { logConfiguration: { logDriver: "awslogs", options: {} } },
      /Fargate requires task definition to have execution role ARN to support log driver awslogs/,
    ],
    [
      "an image of ECR and no execution role",
      { executionRoleArn: undefined },
      { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/digits:1", logConfiguration: undefined },
      /Fargate requires task definition to have execution role ARN to support ECR images/,
    ],
    [
      "another port on its host",
      {},
      { portMappings: [{ containerPort: 8080, hostPort: 80 }] },
      /When networkMode=awsvpc, the host ports and container ports in port mappings must match/,
    ],
    ["an entry point", {}, { entryPoint: ["sh"] }, /containerDefinitions\.0\.entryPoint/],
    ["no image", {}, { image: "" }, /containerDefinitions\.0\.image/],
    ["a member that nobody knows", { volumes: [{ name: "data" }] }, {}, /RegisterTaskDefinition volumes/],
  ])("with %s are refused", async (_title, more, container, message) => {
    await expect(register(more, container)).rejects.toThrow(message);
  });

  test.each([
    ["of one name", {}, { name: "a" }, /names must be unique; a is used twice/],
    [
      "on one port",
      { portMappings: [{ containerPort: 80 }] },
      { portMappings: [{ containerPort: 80 }] },
      /Port 80 is used twice/,
    ],
    ["none of which is essential", { essential: false }, { essential: false }, /one essential container/],
    ["one of which waits for a third", after("c"), {}, /dependency c is no container/],
    ["that wait for each other", after("b"), after("a"), /a circle/],
    [
      "one of which waits for more than a start",
      after("b", "HEALTHY"),
      {},
      /containerDefinitions\.0\.dependsOn\.0\.condition/,
    ],
  ])("with two containers %s are refused", async (_title, a, b, message) => {
    const containerDefinitions = [
      { name: "a", image: "a", ...a },
      { name: "b", image: "b", ...b },
    ];
    await expect(register({ containerDefinitions }, {})).rejects.toThrow(message);
  });

  test("with empty secrets are accepted", async () => {
    await expect(register({}, { secrets: [] })).resolves.toMatchObject({ taskDefinition: { revision: 1 } });
  });
});
