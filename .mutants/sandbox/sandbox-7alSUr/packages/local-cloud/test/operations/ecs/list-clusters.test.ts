import { CreateClusterCommand, DeleteClusterCommand, ListClustersCommand } from "@aws-sdk/client-ecs";
import { expect, it, onTestFinished } from "vitest";
import { createEcsWorld } from "../../aws-api/ecs-world.ts";

it("ListClusters names the clusters that are not deleted, page by page", async () => {
  const { client, close } = await createEcsWorld();
  onTestFinished(close);
  for (const clusterName of ["a", "b"]) await client.send(new CreateClusterCommand({ clusterName }));
  await client.send(new DeleteClusterCommand({ cluster: "a" }));
  const first = await client.send(new ListClustersCommand({ maxResults: 1 }));
  const { nextToken } = first;
  const second = await client.send(new ListClustersCommand({ maxResults: 1, nextToken }));
  const arn = (name: string) => `arn:aws:ecs:us-east-1:000000000000:cluster/${name}`;
  expect([first.clusterArns, second.clusterArns]).toEqual([[arn("models")], [arn("b")]]);
  expect(second.nextToken).toBeUndefined();
});

it("ListClusters refuses a page that ECS does not give", async () => {
  const { client, close } = await createEcsWorld();
  onTestFinished(close);
  const none = client.send(new ListClustersCommand({ maxResults: 101 }));
  await expect(none).rejects.toMatchObject({ name: "InvalidParameterException" });
});
