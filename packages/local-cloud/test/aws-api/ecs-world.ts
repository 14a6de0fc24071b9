import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import type { CreateServiceCommandInput, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { ecsService } from "../../aws-api/ecs.ts";
import { answerJson } from "../../aws-api/json-protocol.ts";
import { createWorld, GROUP } from "../tasks/world.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

export type EcsWorld = Awaited<ReturnType<typeof createEcsWorld>>;

/** ECS behind its wire format, with the real SDK client and a cluster `models`. */
export async function createEcsWorld() {
  const world = await createWorld();
  const ecs = world.newEcs();
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
  const client = new ECSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: TEST_KEYS,
    maxAttempts: 1,
  });
  await client.send(new CreateClusterCommand({ clusterName: "models" }));
  return {
    world,
    ecs,
    client,
    async close() {
      client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await world.close();
    },
    register: (more: Partial<RegisterTaskDefinitionCommandInput> = {}, container: object = {}) =>
      client.send(
        new RegisterTaskDefinitionCommand({
          family: "digits",
          requiresCompatibilities: ["FARGATE"],
          networkMode: "awsvpc",
          cpu: "256",
          memory: "512",
          executionRoleArn: "arn:aws:iam::000000000000:role/execution",
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
      ),
    createService: (more: Partial<CreateServiceCommandInput> = {}) =>
      client.send(
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
      ),
    async describeBlue() {
      const input = { cluster: "models", services: ["blue"] };
      return (await client.send(new DescribeServicesCommand(input))).services?.[0];
    },
  };
}
