import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { TEST_KEYS } from "./local-keys.ts";

export const MODEL_IMAGE = "model:1";

/** The shortest model service, which answers ANSWER of its environment; the images file maps MODEL_IMAGE to it. */
export const MODEL_COMMAND = [
  "node",
  "-e",
  "process.on('SIGTERM', () => process.exit(0));" +
    "require('node:http').createServer((q, r) => r.end(process.env.ANSWER)).listen(process.env.PORT, process.env.HOST)",
];

export interface Service {
  /** Of its load balancer. */
  readonly url: string;
  readonly targetGroupArn: string;
  readonly listenerArn: string;
  /** Of its one task. */
  readonly pid: number;
}

export const clientOptions = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: TEST_KEYS,
});

/** A load balancer with one service of one task behind it; resolves when the first request has been answered by it. */
export async function runService(endpoint: string): Promise<Service> {
  const elb = new ElasticLoadBalancingV2Client(clientOptions(endpoint));
  const ecs = new ECSClient(clientOptions(endpoint));
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: "models", Subnets: ["subnet-1", "subnet-2"] }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: "models",
      Protocol: "HTTP",
      Port: 80,
      VpcId: "vpc-1",
      TargetType: "ip",
      HealthCheckPath: "/",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
    }),
  );
  const [balancer, group] = [LoadBalancers?.[0], TargetGroups?.[0]];
  if (group?.TargetGroupArn === undefined || balancer === undefined) throw new Error("no load balancer");
  const targetGroupArn = group.TargetGroupArn;
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    }),
  );
  const container = { name: "model", image: MODEL_IMAGE, portMappings: [{ containerPort: 8080 }] };
  await ecs.send(new CreateClusterCommand({ clusterName: "models" }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "models",
      containerDefinitions: [container],
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "models",
      serviceName: "models",
      taskDefinition: "models",
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
      loadBalancers: [{ targetGroupArn, containerName: "model", containerPort: 8080 }],
    }),
  );
  const url = `http://${balancer.DNSName}`;
  await answered(url);
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: "models" }));
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: "models", tasks: taskArns }));
  const pid = Number(tasks?.[0]?.containers?.[0]?.runtimeId);
  elb.destroy();
  ecs.destroy();
  return { url, targetGroupArn, listenerArn: Listeners?.[0]?.ListenerArn ?? "", pid };
}

/** Asks, as a user would, until the model answers; the time of the test is the bound. */
export async function answered(url: string): Promise<void> {
  for (;;) {
    const { status } = await fetch(url);
    if (status === 200) return;
  }
}
