import { namesFor, PROJECT } from "../../../support/project.ts";
import {
  change,
  make,
  makeNetwork,
  type Resource,
  type TestCloud,
} from "../../../../packages/local-cloud/test/provider/cloud.ts";

const NAMES = namesFor("prod");
const tags = { "deploy:stack": "prod", "deploy:project": PROJECT };
const others = { ...tags, "deploy:slot": "blue", "model:version": "8" };

/**
 * What `pulumi up`, a change of everything that can be changed in place, and `destroy` do to one of each resource
 * that the local cloud simulates, with the names and tags that the program gives.
 */
export async function live(cloud: TestCloud): Promise<void> {
  const { vpc, subnets } = await makeNetwork(cloud);
  const made: Resource[] = [];
  const up = async (type: string, name: string, inputs: Record<string, unknown>) => {
    const resource = await make(cloud, type, name, inputs);
    made.push(resource);
    return resource;
  };
  const changed = async (old: Resource, more: Record<string, unknown>) => {
    const next = await change(cloud, old, { ...old.inputs, ...more });
    made[made.indexOf(old)] = next;
    return next;
  };

  const loadBalancer = await up("aws:lb/loadBalancer:LoadBalancer", "lb", {
    name: NAMES.loadBalancer,
    subnets: subnets.map(({ id }) => id),
    securityGroups: ["sg-1"],
    tags,
  });
  await changed(loadBalancer, { idleTimeout: 90, securityGroups: ["sg-2"], tags: others });
  const group = await up("aws:lb/targetGroup:TargetGroup", "blue-production", {
    name: NAMES.targetGroup("blue", "production", ["8080"]),
    port: 8080,
    protocol: "HTTP",
    targetType: "ip",
    vpcId: vpc.id,
    deregistrationDelay: 10,
    tags,
  });
  await changed(group, { deregistrationDelay: 20, healthCheck: { path: "/ready" }, tags: others });
  const notFound = (messageBody: string) => [
    {
      type: "fixed-response",
      fixedResponse: { statusCode: "503", contentType: "text/plain", messageBody },
    },
  ];
  const listener = await up("aws:lb/listener:Listener", "listener", {
    loadBalancerArn: loadBalancer.outputs["arn"],
    port: 80,
    protocol: "HTTP",
    defaultActions: notFound("No route."),
    tags,
  });
  await changed(listener, { defaultActions: notFound("None."), tags: others });
  const forward = [{ type: "forward", targetGroupArn: group.outputs["arn"] }];
  const rule = await up("aws:lb/listenerRule:ListenerRule", "route", {
    listenerArn: listener.outputs["arn"],
    priority: 100,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: forward,
    tags: { ...tags, "deploy:active-slot": "blue" },
  });
  await changed(rule, { priority: 101, conditions: [{ pathPattern: { values: ["/v1/*"] } }], tags });

  const cluster = await up("aws:ecs/cluster:Cluster", "cluster", { name: NAMES.cluster, tags });
  await changed(cluster, { tags: {} });
  const providers = { clusterName: NAMES.cluster, capacityProviders: ["FARGATE"] };
  await changed(
    await up("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "capacity", providers),
    { capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
  );
  const role = (use: string) => `arn:aws:iam::000000000000:role${NAMES.rolePath}blue-${use}-0a1b2c3`;
  const definition = (image: string) => ({
    family: NAMES.services.blue,
    containerDefinitions: JSON.stringify([{ name: "model", image, portMappings: [{ containerPort: 8080 }] }]),
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    executionRoleArn: role("execution"),
    taskRoleArn: role("task"),
    skipDestroy: true,
    tags,
  });
  const task = await up("aws:ecs/taskDefinition:TaskDefinition", "blue", definition("model:1"));
  await changed(task, { tags: others });
  const service = await up("aws:ecs/service:Service", "blue", {
    name: NAMES.services.blue,
    cluster: cluster.outputs["arn"],
    taskDefinition: task.outputs["arn"],
    desiredCount: 0,
    launchType: "FARGATE",
    networkConfiguration: { subnets: subnets.map(({ id }) => id), securityGroups: ["sg-1"] },
    loadBalancers: [{ targetGroupArn: group.outputs["arn"], containerName: "model", containerPort: 8080 }],
    tags,
  });
  await changed(service, { healthCheckGracePeriodSeconds: 30, tags: others });
  const scaled = {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: `service/${NAMES.cluster}/${NAMES.services.blue}`,
  };
  await changed(
    await up("aws:appautoscaling/target:Target", "blue", { ...scaled, minCapacity: 0, maxCapacity: 0 }),
    { minCapacity: 0, maxCapacity: 4 },
  );
  const tracking = (targetValue: number) => ({
    targetTrackingScalingPolicyConfiguration: {
      targetValue,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
  });
  const policy = { ...scaled, name: "cpu", policyType: "TargetTrackingScaling", ...tracking(60) };
  await changed(await up("aws:appautoscaling/policy:Policy", "blue-cpu", policy), tracking(70));

  const name = `${NAMES.slotAlarms.blue}-cpu`;
  const alarm = await up("aws:cloudwatch/metricAlarm:MetricAlarm", "blue-cpu", {
    name,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 90,
    evaluationPeriods: 5,
    metricName: "CPUUtilization",
    namespace: "AWS/ECS",
    period: 60,
    statistic: "Average",
    tags,
  });
  await changed(alarm, { threshold: 80, tags: {} });
  const composite = await up("aws:cloudwatch/compositeAlarm:CompositeAlarm", "blue", {
    alarmName: NAMES.slotAlarms.blue,
    alarmRule: `ALARM("${name}")`,
    tags,
  });
  await changed(composite, { tags: others });

  for (const { type, urn, id, outputs } of made.toReversed()) {
    await cloud.provider.delete({ type, urn, id, outputs });
  }
}
