import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { RegisterScalableTargetCommandInput } from "@aws-sdk/client-application-auto-scaling";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applicationAutoScalingService } from "../../aws-api/application-auto-scaling.ts";
import { answerJson } from "../../aws-api/json-protocol.ts";
import { createWorld, userOf } from "../tasks/world.ts";
import type { World } from "../tasks/world.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

let world: World;
let user: ReturnType<typeof userOf>;
let client: ApplicationAutoScalingClient;
let closeServer: () => Promise<void>;

beforeEach(async () => {
  world = await createWorld();
  const ecs = world.newEcs();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", async () => {
      const target = String(request.headers["x-amz-target"]);
      const answer = await answerJson(applicationAutoScalingService(ecs), target, body, console.error);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = new ApplicationAutoScalingClient({
    // A listening TCP server has a socket address.
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: TEST_KEYS,
    maxAttempts: 1,
  });
  closeServer = () => {
    client.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1"), { desiredCount: 0 });
});

afterEach(async () => {
  await closeServer();
  await world.close();
});

const service = {
  ServiceNamespace: "ecs",
  ResourceId: "service/models/blue",
  ScalableDimension: "ecs:service:DesiredCount",
} as const;
const registerTarget = (more: Partial<RegisterScalableTargetCommandInput>) =>
  client.send(new RegisterScalableTargetCommand({ ...service, ...more }));
const describeTargets = () =>
  client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [service.ResourceId] }),
  );

test("the minimum starts tasks at once, and the maximum stops them", async () => {
  await registerTarget({ MinCapacity: 2, MaxCapacity: 4 });
  expect(user.service().desiredCount).toBe(2);
  await world.until("both run", () => user.service().runningCount === 2);
  await registerTarget({ MinCapacity: 0, MaxCapacity: 1 });
  expect(user.service().desiredCount).toBe(1);
  await world.until("one is left", () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED");
});

test("an update of the service stays within the capacity", async () => {
  await registerTarget({ MinCapacity: 0, MaxCapacity: 3 });
  user.update({ desiredCount: 3 });
  expect(user.service().desiredCount).toBe(3);
  await registerTarget({ MinCapacity: 0, MaxCapacity: 1 });
  user.update({ desiredCount: 2 });
  expect(user.service().desiredCount).toBe(1);
});

test("a change of the minimum alone keeps the maximum, and what is suspended", async () => {
  const suspended = { DynamicScalingInSuspended: true };
  const first = await registerTarget({ MinCapacity: 0, MaxCapacity: 3, SuspendedState: suspended });
  const second = await registerTarget({ MinCapacity: 1 });
  expect(second.ScalableTargetARN).toBe(first.ScalableTargetARN);
  const { ScalableTargets } = await describeTargets();
  expect(ScalableTargets).toMatchObject([
    { ...service, MinCapacity: 1, MaxCapacity: 3, SuspendedState: suspended },
  ]);
  expect(ScalableTargets?.[0]?.CreationTime).toEqual(new Date(world.clock.now()));
});

test.each([
  [
    "a minimum above the maximum",
    { MinCapacity: 3, MaxCapacity: 2 },
    "ValidationException",
    /less than minimum/,
  ],
  ["no maximum at first", { MinCapacity: 1 }, "ValidationException", /required/],
  [
    "a service that does not exist",
    { ResourceId: "service/models/green" },
    "ValidationException",
    /ECS service doesn't exist: service\/models\/green/,
  ],
  ["another namespace", { ServiceNamespace: "dynamodb" as const }, "NotSimulated", /ServiceNamespace/],
])("a scalable target with %s is refused", async (_title, more, name, message) => {
  const refused = registerTarget({
    MinCapacity: 0,
    MaxCapacity: 2,
    ...(name === "ValidationException" && "MinCapacity" in more ? { MaxCapacity: undefined } : {}),
    ...more,
  });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toMatchObject({ name });
});

test("policies are recorded with their target, and go with it", async () => {
  const policy = {
    ...service,
    PolicyName: "requests",
    PolicyType: "TargetTrackingScaling" as const,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 100,
      PredefinedMetricSpecification: {
        PredefinedMetricType: "ALBRequestCountPerTarget" as const,
        ResourceLabel: "x",
      },
    },
  };
  await expect(client.send(new PutScalingPolicyCommand(policy))).rejects.toMatchObject({
    name: "ObjectNotFoundException",
  });
  await registerTarget({ MinCapacity: 0, MaxCapacity: 3 });
  await client.send(new PutScalingPolicyCommand(policy));
  const list = () =>
    client.send(
      new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs", ResourceId: service.ResourceId }),
    );
  expect((await list()).ScalingPolicies).toMatchObject([policy]);
  await client.send(new DeleteScalingPolicyCommand({ ...service, PolicyName: "requests" }));
  expect((await list()).ScalingPolicies).toEqual([]);
  await client.send(new PutScalingPolicyCommand(policy));
  await client.send(new DeregisterScalableTargetCommand(service));
  expect((await list()).ScalingPolicies).toEqual([]);
  expect((await describeTargets()).ScalableTargets).toEqual([]);
  await expect(client.send(new DeregisterScalableTargetCommand(service))).rejects.toMatchObject({
    name: "ObjectNotFoundException",
  });
});
