import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { sharing } from "../validation/support/samples.ts";
import { ACCOUNT, cannotJudge, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";
import { makeStack, NAMES, type MadeStack } from "./support/stack.ts";

describe.skipIf(WITHOUT_MOTO !== "")(`services on moto${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let stack: MadeStack;
  let ecs: ECSClient;
  let scaling: ApplicationAutoScalingClient;
  const serviceName = NAMES.services.blue;

  beforeAll(async () => {
    moto = await startMoto();
    stack = await makeStack(moto, sharing(25));
    ecs = new ECSClient(moto.client);
    scaling = new ApplicationAutoScalingClient(moto.client);
    await ecs.send(new CreateClusterCommand({ clusterName: NAMES.cluster }));
  });
  afterAll(() => moto?.stop());

  const define = async (image: string) => {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: serviceName,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "512",
        memory: "1024",
        executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
        containerDefinitions: [
          { name: "model", image, essential: true, portMappings: [{ containerPort: 8080 }] },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  };

  it("are read as they were made, and as they were changed", async () => {
    const { services } = awsPorts(moto.client);
    const first = await define("models:1");
    await ecs.send(
      new CreateServiceCommand({
        cluster: NAMES.cluster,
        serviceName,
        taskDefinition: first,
        desiredCount: 2,
        launchType: "FARGATE",
        loadBalancers: [{ targetGroupArn: stack.groups.blue, containerName: "model", containerPort: 8080 }],
        networkConfiguration: {
          awsvpcConfiguration: { subnets: [...stack.subnets], securityGroups: [stack.securityGroup] },
        },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      }),
    );
    const read = async () => (await services.read(NAMES.cluster, [serviceName])).get(serviceName);
    expect(await read()).toMatchObject({
      status: "ACTIVE",
      desired: 2,
      primary: { taskDefinitionArn: first },
    });
    const second = await define("models:2");
    await ecs.send(
      new UpdateServiceCommand({
        cluster: NAMES.cluster,
        service: serviceName,
        taskDefinition: second,
        desiredCount: 4,
      }),
    );
    expect(await read()).toMatchObject({ desired: 4 });
    const command = new DescribeServicesCommand({ cluster: NAMES.cluster, services: [serviceName] });
    expect((await ecs.send(command)).services?.[0]?.taskDefinition).toBe(second);
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: second }));
    expect(taskDefinition).toMatchObject({ family: serviceName, revision: 2, status: "ACTIVE" });
  });

  it("that do not exist are missing from the answer, and no error", async () => {
    const { services } = awsPorts(moto.client);
    expect(await services.read(NAMES.cluster, ["nobody"])).toEqual(new Map());
  });

  it("have bounds and a policy of scaling as the program asks for them", async () => {
    const ResourceId = `service/${NAMES.cluster}/${serviceName}`;
    const target = {
      ServiceNamespace: "ecs",
      ResourceId,
      ScalableDimension: "ecs:service:DesiredCount",
    } as const;
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 2, MaxCapacity: 8 }));
    await scaling.send(
      new PutScalingPolicyCommand({
        ...target,
        PolicyName: "cpu",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
        },
      }),
    );
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 4 }));
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [ResourceId] }),
    );
    expect(ScalableTargets).toMatchObject([{ MinCapacity: 4, MaxCapacity: 8 }]);
  });

  it("are told gone as services that are not active", async () => {
    const { services } = awsPorts(moto.client);
    await ecs.send(new DeleteServiceCommand({ cluster: NAMES.cluster, service: serviceName, force: true }));
    const left = (await services.read(NAMES.cluster, [serviceName])).get(serviceName);
    expect(left?.status ?? "missing").not.toBe("ACTIVE");
  });

  it("belong to the account that STS names", async () => {
    const { Account } = await new STSClient(moto.client).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(ACCOUNT);
  });

  cannotJudge(
    "the primary deployment after an update",
    "makes none for another task definition (ecs/models.py, update_service)",
  );
  cannotJudge("running tasks and their registration", "makes none for a service (ecs/models.py, Service)");
});
