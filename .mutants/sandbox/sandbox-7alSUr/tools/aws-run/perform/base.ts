import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { runName } from "../things.ts";
import type { Base, Group, Network, SlotName } from "./base-types.ts";
import { commandOf, versions } from "./answering.ts";
import { ecsTagsOf, secondsUntil, tagsOf, type Context } from "./context.ts";
import { forwardTo } from "./forward.ts";
import { networkOf, securityGroup } from "./network.ts";

/** A load balancer before two services of one task each, blue with everyone, green with nobody. */
export async function makeBase(context: Context): Promise<Base> {
  const { run, clients, clock } = context;
  const { elb } = clients;
  const network = await networkOf(context);
  const group = await securityGroup(context, network);
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: runName(run),
      Subnets: network.subnets.slice(0, 2).map(({ id }) => id),
      SecurityGroups: [group],
      Tags: tagsOf(run),
    }),
  );
  const { LoadBalancerArn: loadBalancerArn = "", DNSName = "" } = LoadBalancers?.[0] ?? {};
  const groups = {
    blue: await targetGroup(context, network, "blue"),
    green: await targetGroup(context, network, "green"),
  };
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
      Tags: tagsOf(run),
    }),
  );
  const listenerArn = listener.Listeners?.[0]?.ListenerArn ?? "";
  const rule = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: 100,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
      Actions: [forwardTo(groups, { blue: 100, green: 0 }, false)],
      Tags: tagsOf(run),
    }),
  );
  const { cluster, taskDefinitions } = await services(context, network, group, groups);
  const base: Base = {
    network,
    securityGroup: group,
    url: `http://${DNSName}`,
    loadBalancerArn,
    loadBalancerSuffix: loadBalancerArn.replace(/^.*:loadbalancer\//, ""),
    listenerArn,
    ruleArn: rule.Rules?.[0]?.RuleArn ?? "",
    groups,
    cluster,
    taskDefinitions,
  };
  const ready = await secondsUntil(clock, () => isReady(context, base), 420, 5);
  if (ready === undefined)
    throw new Error("the tasks are not healthy, or nobody answers, after seven minutes");
  return base;
}

async function isReady({ clients: { elb }, users }: Context, { groups, url }: Base): Promise<boolean> {
  for (const { arn } of Object.values(groups)) {
    if ((await healthyIn(elb, arn)) === 0) return false;
  }
  return (await users.ask(`${url}/predict`, { patienceMs: 5000 }))?.version === "1";
}

export async function healthyIn(elb: Context["clients"]["elb"], TargetGroupArn: string): Promise<number> {
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
}

/** ELB API: at most 32 characters. */
export async function targetGroup(
  { run, clients: { elb } }: Context,
  { vpcId }: Network,
  name: string,
): Promise<Group> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: `${runName(run)}-${name}`,
      Protocol: "HTTP",
      Port: 8080,
      VpcId: vpcId,
      TargetType: "ip",
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 4,
      HealthyThresholdCount: 2,
      Tags: tagsOf(run),
    }),
  );
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }],
    }),
  );
  return { arn, suffix: arn.replace(/^.*:(targetgroup\/)/, "$1") };
}

async function services(
  { run, images, clients: { ecs } }: Context,
  { subnets }: Network,
  group: string,
  groups: Base["groups"],
): Promise<Pick<Base, "cluster" | "taskDefinitions">> {
  const cluster = runName(run);
  await ecs.send(new CreateClusterCommand({ clusterName: cluster, tags: ecsTagsOf(run) }));
  const made: Partial<Record<SlotName, string>> = {};
  for (const { version, image, slot } of versions(images)) {
    const command = commandOf(image, version);
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: `${cluster}-${slot}`,
        // ECS guide: an execution role is needed for private images, logs and secrets alone; these tasks have none.
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [
          {
            name: "model",
            image,
            ...(command === undefined ? {} : { command }),
            essential: true,
            portMappings: [{ containerPort: 8080, protocol: "tcp" }],
            environment: [{ name: "PORT", value: "8080" }],
          },
        ],
        tags: ecsTagsOf(run),
      }),
    );
    const arn = taskDefinition?.taskDefinitionArn ?? "";
    made[slot] = arn;
    await ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName: `${cluster}-${slot}`,
        taskDefinition: arn,
        desiredCount: 1,
        launchType: "FARGATE",
        deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
        loadBalancers: [{ targetGroupArn: groups[slot].arn, containerName: "model", containerPort: 8080 }],
        // One zone for both, so that the load balancer's other one has no target: what HealthyHostCount says of it.
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: subnets.slice(0, 1).map(({ id }) => id),
            securityGroups: [group],
            assignPublicIp: "ENABLED",
          },
        },
        tags: ecsTagsOf(run),
      }),
    );
  }
  return { cluster, taskDefinitions: { blue: made.blue ?? "", green: made.green ?? "" } };
}
