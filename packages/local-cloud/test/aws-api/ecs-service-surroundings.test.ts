import { PutClusterCapacityProvidersCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GROUP } from "../tasks/world.ts";
import { createEcsWorld, type EcsWorld } from "./ecs-world.ts";

let ecs: EcsWorld;

beforeEach(async () => {
  ecs = await createEcsWorld();
});

afterEach(() => ecs.close());

test("a service with a target group that no listener forwards to is refused, when it is made and by an update", async () => {
  const { world, client, register, createService, describeBlue } = ecs;
  await register();
  const loadBalancers = [{ targetGroupArn: GROUP, containerName: "model", containerPort: 8080 }];
  const why = {
    name: "InvalidParameterException",
    message: `The target group with targetGroupArn ${GROUP} does not have an associated load balancer.`,
  };
  world.targets.withoutListener.add(GROUP);
  await expect(createService({ loadBalancers })).rejects.toMatchObject(why);
  await createService({ desiredCount: 0, loadBalancers: [] });
  const update = { cluster: "models", service: "blue", loadBalancers };
  await expect(client.send(new UpdateServiceCommand(update))).rejects.toMatchObject(why);
  world.targets.withoutListener.delete(GROUP);
  await client.send(new UpdateServiceCommand(update));
  expect((await describeBlue())?.loadBalancers).toEqual(loadBalancers);
});

test("a service with a target group whose listener is gone can still be scaled to 0", async () => {
  const { world, client, register, createService, describeBlue } = ecs;
  await register();
  await createService({ desiredCount: 1 });
  world.targets.withoutListener.add(GROUP);
  await client.send(new UpdateServiceCommand({ cluster: "models", service: "blue", desiredCount: 0 }));
  expect(await describeBlue()).toMatchObject({ desiredCount: 0 });
});

test("a service runs on what its cluster has, with a weight above 0, or is refused", async () => {
  const { client, register, createService, describeBlue } = ecs;
  await register();
  const spot = { launchType: undefined, desiredCount: 0 };
  const on = (weight?: number) => [{ capacityProvider: "FARGATE_SPOT", weight }];
  const unknown = {
    name: "InvalidParameterException",
    message: expect.stringContaining(
      "a capacity provider that is not associated with the cluster. Associate",
    ),
  };
  await expect(createService({ ...spot, capacityProviderStrategy: on(1) })).rejects.toMatchObject(unknown);
  await client.send(
    new PutClusterCapacityProvidersCommand({
      cluster: "models",
      capacityProviders: ["FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [],
    }),
  );
  const weightless = {
    name: "InvalidParameterException",
    message: "At least one capacity provider must have a weight value greater than zero.",
  };
  for (const weight of [undefined, 0]) {
    const refused = createService({ ...spot, capacityProviderStrategy: on(weight) });
    await expect(refused).rejects.toMatchObject(weightless);
  }
  await createService({ ...spot, capacityProviderStrategy: on(1) });
  const update = (capacityProviderStrategy: CapacityProviderStrategyItem[]) =>
    client.send(new UpdateServiceCommand({ cluster: "models", service: "blue", capacityProviderStrategy }));
  await expect(update(on(0))).rejects.toMatchObject(weightless);
  await expect(update([{ capacityProvider: "FARGATE", weight: 1 }])).rejects.toMatchObject({
    message: expect.stringContaining("not associated with the cluster"),
  });
  expect(await describeBlue()).toMatchObject({ capacityProviderStrategy: on(1) });
  const providers = (capacityProviders: string[]) =>
    client.send(
      new PutClusterCapacityProvidersCommand({
        cluster: "models",
        capacityProviders,
        defaultCapacityProviderStrategy: [],
      }),
    );
  await providers(["FARGATE", "FARGATE_SPOT"]);
  const other = { cluster: "models", service: "blue", capacityProviderStrategy: on(2) };
  await expect(client.send(new UpdateServiceCommand(other))).rejects.toMatchObject({
    message: expect.stringContaining("you must force a new deployment"),
  });
  await client.send(new UpdateServiceCommand({ ...other, forceNewDeployment: true }));
  expect(await describeBlue()).toMatchObject({ capacityProviderStrategy: on(2) });
  await expect(providers(["FARGATE"])).rejects.toMatchObject({
    name: "ResourceInUseException",
    message: "The specified capacity provider is in use and cannot be removed.",
  });
});
