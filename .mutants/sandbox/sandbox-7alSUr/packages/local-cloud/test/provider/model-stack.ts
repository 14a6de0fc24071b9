import fc from "fast-check";
import type { Deployment, Registered } from "../../../pulumi-engine/deployment/registrations.ts";
import { plainGoal } from "../../../pulumi-engine/deployment/goal.ts";
import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import { ALARM, QUERIES } from "./inputs.ts";

const slots = fc.record({
  cpu: fc.constantFrom("256", "512"),
  threshold: fc.constantFrom(0.05, 0.1),
  maxTasks: fc.constantFrom(2, 4),
  isScaled: fc.boolean(),
});

/** A stack of the simulated types, as the program makes one of them; each member changes, replaces or adds something. */
export const stacks = fc.record({
  /** Another port is another target group. */
  port: fc.constantFrom(8080, 8081),
  drainSeconds: fc.constantFrom(10, 20),
  healthPath: fc.constantFrom("/health", "/ready"),
  idleSeconds: fc.constantFrom(60, 90),
  green: fc.constantFrom(0, 10, 50, 100),
  isSticky: fc.boolean(),
  priority: fc.constantFrom(100, 7),
  blue: fc.option(slots, { nil: undefined }),
  greenSlot: fc.option(slots, { nil: undefined }),
});
export type StackModel = typeof stacks extends fc.Arbitrary<infer T> ? T : never;
type SlotModel = NonNullable<StackModel["blue"]>;

type Register = (
  type: string,
  name: string,
  inputs: Properties,
  needs?: readonly Registered[],
) => Promise<Registered>;

/** The program: registers everything, each as soon as what it needs is there. */
export async function registerStack(deployment: Deployment, model: StackModel): Promise<void> {
  const register: Register = (type, name, inputs, needs = []) => {
    const dependencies = needs.map(({ urn }) => urn);
    return deployment.register(plainGoal({ type, name, custom: true, inputs, dependencies }));
  };
  const group = (slot: string) =>
    register("aws:lb/targetGroup:TargetGroup", slot, {
      // As in the program: the name carries what forces a replacement, so that both can exist for a while.
      name: `local-${slot}-${model.port}`,
      port: model.port,
      protocol: "HTTP",
      targetType: "ip",
      vpcId: "vpc-1",
      deregistrationDelay: model.drainSeconds,
      healthCheck: { path: model.healthPath, interval: 10, timeout: 5, healthyThreshold: 2 },
      tags: { "deploy:slot": slot },
    });
  const [entrance, cluster, blue, green] = await Promise.all([
    registerEntrance(register, model),
    register("aws:ecs/cluster:Cluster", "cluster", { name: "models" }),
    group("blue"),
    group("green"),
  ]);
  const route = await registerRoute(register, model, entrance, [blue, green]);
  await Promise.all(
    [
      { slot: "blue", own: model.blue, target: blue },
      { slot: "green", own: model.greenSlot, target: green },
    ].map(({ slot, own, target }) => own && registerSlot(register, slot, own, { cluster, target, route })),
  );
}

async function registerEntrance(register: Register, { idleSeconds }: StackModel): Promise<Registered> {
  const loadBalancer = await register("aws:lb/loadBalancer:LoadBalancer", "lb", {
    name: "models-1",
    subnets: ["subnet-1", "subnet-2"],
    securityGroups: ["sg-1"],
    idleTimeout: idleSeconds,
  });
  const inputs = {
    loadBalancerArn: loadBalancer.outputs["arn"],
    port: 80,
    protocol: "HTTP",
    defaultActions: [
      { type: "fixed-response", fixedResponse: { statusCode: "503", contentType: "text/plain" } },
    ],
  };
  return register("aws:lb/listener:Listener", "listener", inputs, [loadBalancer]);
}

function registerRoute(
  register: Register,
  { green, isSticky, priority }: StackModel,
  listener: Registered,
  groups: readonly [Registered, Registered],
): Promise<Registered> {
  const targetGroups = [
    { arn: groups[0].outputs["arn"], weight: 100 - green },
    { arn: groups[1].outputs["arn"], weight: green },
  ];
  const forward = { targetGroups, stickiness: { enabled: isSticky, duration: 3600 } };
  const inputs = {
    listenerArn: listener.outputs["arn"],
    priority,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: [{ type: "forward", forward }],
    tags: { "deploy:weight": String(green) },
  };
  return register("aws:lb/listenerRule:ListenerRule", "route", inputs, [listener, ...groups]);
}

async function registerSlot(
  register: Register,
  slot: string,
  { cpu, threshold, maxTasks, isScaled }: SlotModel,
  on: { readonly cluster: Registered; readonly target: Registered; readonly route: Registered },
): Promise<void> {
  const definition = await register("aws:ecs/taskDefinition:TaskDefinition", slot, {
    family: `models-${slot}`,
    containerDefinitions: JSON.stringify([
      { name: "model", image: "model:1", portMappings: [{ containerPort: 8080 }] },
    ]),
    cpu,
    memory: "1024",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
  });
  const inputs = {
    name: `models-${slot}`,
    cluster: on.cluster.outputs["arn"],
    taskDefinition: definition.outputs["arn"],
    desiredCount: 0,
    launchType: "FARGATE",
    networkConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: true },
    loadBalancers: [
      { targetGroupArn: on.target.outputs["arn"], containerName: "model", containerPort: 8080 },
    ],
    waitForSteadyState: false,
  };
  const service = await register("aws:ecs/service:Service", slot, inputs, [
    definition,
    on.cluster,
    on.target,
    on.route,
  ]);
  await Promise.all([
    registerAlarms(register, slot, threshold),
    isScaled ? registerScaling(register, slot, maxTasks, service) : undefined,
  ]);
}

async function registerAlarms(register: Register, slot: string, threshold: number): Promise<void> {
  const name = `models-${slot}-error-rate`;
  const metric = { ...ALARM, name, threshold, metricQueries: QUERIES };
  const alarm = await register("aws:cloudwatch/metricAlarm:MetricAlarm", slot, metric);
  const composite = { alarmName: `models-${slot}`, alarmRule: `ALARM("${name}")` };
  await register("aws:cloudwatch/compositeAlarm:CompositeAlarm", slot, composite, [alarm]);
}

async function registerScaling(register: Register, slot: string, maxCapacity: number, service: Registered) {
  const scalable = {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: `service/models/models-${slot}`,
  };
  const target = await register(
    "aws:appautoscaling/target:Target",
    slot,
    { ...scalable, minCapacity: 0, maxCapacity },
    [service],
  );
  const policy = {
    ...scalable,
    name: `models-${slot}-cpu`,
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 60,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
  };
  await register("aws:appautoscaling/policy:Policy", slot, policy, [target]);
}
