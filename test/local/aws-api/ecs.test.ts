import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from "@aws-sdk/client-ecs";
import type { CreateServiceCommandInput, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ecsService } from "../../../local/aws-api/ecs.ts";
import { answerJson } from "../../../local/aws-api/json-protocol.ts";
import type { Ecs } from "../../../local/tasks/ecs.ts";
import { createWorld, GROUP } from "../tasks/world.ts";
import type { World } from "../tasks/world.ts";

let world: World;
let ecs: Ecs;
let client: ECSClient;
let closeServer: () => Promise<void>;

beforeEach(async () => {
  world = await createWorld();
  ecs = world.newEcs();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", async () => {
      const target = String(request.headers["x-amz-target"]);
      const answer = await answerJson(ecsService(ecs), target, body, console.error);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  client = new ECSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  closeServer = () => {
    client.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  await client.send(new CreateClusterCommand({ clusterName: "models" }));
});

afterEach(async () => {
  await closeServer();
  await world.close();
});

function register(more: Partial<RegisterTaskDefinitionCommandInput> = {}, container: object = {}) {
  return client.send(
    new RegisterTaskDefinitionCommand({
      family: "digits",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [
        {
          name: "model",
          image: "model:1",
          portMappings: [{ containerPort: 8080 }],
          environment: [{ name: "CONTROL_PORT", value: String(world.controlPort) }],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "digits" } },
          ...container,
        },
      ],
      ...more,
    }),
  );
}

function createService(more: Partial<CreateServiceCommandInput> = {}) {
  return client.send(
    new CreateServiceCommand({
      cluster: "models",
      serviceName: "blue",
      taskDefinition: "digits",
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
      loadBalancers: [{ targetGroupArn: GROUP, containerName: "model", containerPort: 8080 }],
      ...more,
    }),
  );
}

const describeBlue = async () => {
  const input = { cluster: "models", services: ["blue"] };
  return (await client.send(new DescribeServicesCommand(input))).services?.[0];
};

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

  test("with services are not deleted", async () => {
    await register();
    await createService({ desiredCount: 0 });
    await expect(client.send(new DeleteClusterCommand({ cluster: "models" }))).rejects.toMatchObject({
      name: "ClusterContainsServicesException",
    });
  });
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
    ["a command", {}, { command: ["sh"] }, /containerDefinitions\.0\.command/],
    ["no image", {}, { image: "" }, /containerDefinitions\.0\.image/],
    [
      "a second container",
      {
        containerDefinitions: [
          { name: "a", image: "a" },
          { name: "b", image: "b" },
        ],
      },
      {},
      /more than one container/,
    ],
    ["a member that nobody knows", { volumes: [{ name: "data" }] }, {}, /RegisterTaskDefinition volumes/],
  ])("with %s are refused", async (_title, more, container, message) => {
    await expect(register(more, container)).rejects.toThrow(message);
  });

  test("with empty secrets are accepted", async () => {
    await expect(register({}, { secrets: [] })).resolves.toMatchObject({ taskDefinition: { revision: 1 } });
  });
});

describe("services", () => {
  test("are stable for the SDK's waiter when their tasks are healthy, and show it in every answer", async () => {
    await register();
    const created = await createService({ desiredCount: 2, tags: [{ key: "slot", value: "blue" }] });
    expect(created.service).toMatchObject({
      serviceArn: "arn:aws:ecs:us-east-1:000000000000:service/models/blue",
      status: "ACTIVE",
      runningCount: 0,
      deployments: [{ status: "PRIMARY", rolloutState: "IN_PROGRESS", desiredCount: 2 }],
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
    });
    const waiter = { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
    await waitUntilServicesStable(waiter, { cluster: "models", services: ["blue"] });
    const stable = await describeBlue();
    expect(stable).toMatchObject({ runningCount: 2, pendingCount: 0 });
    expect(stable?.deployments?.[0]?.rolloutState).toBe("COMPLETED");
    expect(stable?.events?.[0]?.createdAt).toBeInstanceOf(Date);

    const { taskArns } = await client.send(new ListTasksCommand({ cluster: "models", serviceName: "blue" }));
    expect(taskArns).toHaveLength(2);
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: "models", tasks: taskArns }));
    expect(tasks?.[0]).toMatchObject({ lastStatus: "RUNNING", startedBy: stable?.deployments?.[0]?.id });
    const stopped = await client.send(new StopTaskCommand({ cluster: "models", task: taskArns?.[0] }));
    expect(stopped.task).toMatchObject({ desiredStatus: "STOPPED" });

    await client.send(new UpdateServiceCommand({ cluster: "models", service: "blue", desiredCount: 0 }));
    await client.send(new DeleteServiceCommand({ cluster: "models", service: "blue" }));
    expect((await describeBlue())?.status).toMatch(/DRAINING|INACTIVE/);
  });

  test.each([
    [
      "an unknown task definition",
      { taskDefinition: "nobody" },
      "ClientException",
      /Unable to describe task definition/,
    ],
    ["an unknown cluster", { cluster: "nobody" }, "ClusterNotFoundException", /Cluster not found/],
    [
      "an unknown container",
      { loadBalancers: [{ targetGroupArn: GROUP, containerName: "nobody", containerPort: 8080 }] },
      "InvalidParameterException",
      /The container nobody does not exist in the task definition/,
    ],
    [
      "an unknown port",
      { loadBalancers: [{ targetGroupArn: GROUP, containerName: "model", containerPort: 1 }] },
      "InvalidParameterException",
      /did not have a container port 1 defined/,
    ],
    [
      "no network",
      { networkConfiguration: undefined },
      "InvalidParameterException",
      /Network Configuration must be provided/,
    ],
    ["a negative count", { desiredCount: -1 }, "InvalidParameterException", /desiredCount/],
    [
      "a minimum above 100 %",
      { deploymentConfiguration: { minimumHealthyPercent: 101 } },
      "InvalidParameterException",
      /minimumHealthyPercent/,
    ],
    [
      "a grace period without load balancer",
      { loadBalancers: [], healthCheckGracePeriodSeconds: 1 },
      "InvalidParameterException",
      /Health check grace period/,
    ],
    ["an EC2 launch type", { launchType: "EC2" as const }, "NotSimulated", /CreateService launchType/],
    [
      "ECS's own blue-green",
      { deploymentConfiguration: { strategy: "BLUE_GREEN" as const } },
      "NotSimulated",
      /deploymentConfiguration\.strategy/,
    ],
    [
      "service connect",
      { serviceConnectConfiguration: { enabled: true } },
      "NotSimulated",
      /serviceConnectConfiguration/,
    ],
  ])("with %s are refused", async (_title, more, name, message) => {
    await register();
    const refused = createService(more);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name });
  });

  test("with a target group that does not exist are refused", async () => {
    await register();
    world.targets.deleted.add(GROUP);
    await expect(createService()).rejects.toThrow(`The target group ${GROUP} does not exist`);
  });

  test("of one name exist once, and those that do not exist are said to be missing", async () => {
    await register();
    await createService({ desiredCount: 0 });
    await expect(createService()).rejects.toThrow("Creation of service was not idempotent.");
    const { services, failures } = await client.send(
      new DescribeServicesCommand({ cluster: "models", services: ["green"] }),
    );
    expect(services).toEqual([]);
    expect(failures).toEqual([
      { arn: "arn:aws:ecs:us-east-1:000000000000:service/models/green", reason: "MISSING" },
    ]);
    await expect(
      client.send(new UpdateServiceCommand({ cluster: "models", service: "green", desiredCount: 1 })),
    ).rejects.toMatchObject({ name: "ServiceNotFoundException" });
  });

  test("keep what an update does not mention", async () => {
    await register();
    const breaker = { enable: true, rollback: true };
    await createService({ desiredCount: 0, deploymentConfiguration: { deploymentCircuitBreaker: breaker } });
    await client.send(
      new UpdateServiceCommand({
        cluster: "models",
        service: "blue",
        deploymentConfiguration: { maximumPercent: 150 },
        healthCheckGracePeriodSeconds: 5,
      }),
    );
    const service = await describeBlue();
    expect(service).toMatchObject({
      healthCheckGracePeriodSeconds: 5,
      deploymentConfiguration: {
        deploymentCircuitBreaker: breaker,
        minimumHealthyPercent: 100,
        maximumPercent: 150,
      },
    });
    expect(service?.deployments).toHaveLength(1);
  });

  test("are listed ten at a time", async () => {
    await register();
    const names = Array.from({ length: 12 }, (_, index) => `service-${index}`);
    for (const serviceName of names) await createService({ serviceName, desiredCount: 0 });
    const first = await client.send(new ListServicesCommand({ cluster: "models" }));
    const rest = await client.send(
      new ListServicesCommand({ cluster: "models", nextToken: first.nextToken }),
    );
    expect(first.serviceArns).toHaveLength(10);
    expect(rest).toMatchObject({ serviceArns: [expect.any(String), expect.any(String)] });
    expect(rest.nextToken).toBeUndefined();
  });

  test("carry tags that can be added and taken away", async () => {
    await register();
    const { service } = await createService({ desiredCount: 0, tags: [{ key: "slot", value: "blue" }] });
    const resourceArn = service?.serviceArn ?? "";
    await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: "model", value: "7" }] }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["slot"] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ key: "model", value: "7" }]);
  });
});
