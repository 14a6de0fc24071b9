import {
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  StopTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GROUP } from "../tasks/world.ts";
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
