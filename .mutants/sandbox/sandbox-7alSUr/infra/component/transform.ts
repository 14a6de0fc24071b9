import type * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";

/** The arguments of each kind of child that a program may change before it is made. */
export interface ChildArgs {
  readonly taskDefinition: awsx.ecs.FargateTaskDefinitionArgs & awsx.ecs.EC2TaskDefinitionArgs;
  /** The model's own container. */
  readonly container: awsx.types.input.ecs.TaskDefinitionContainerDefinitionArgs;
  readonly service: aws.ecs.ServiceArgs;
  readonly targetGroup: aws.lb.TargetGroupArgs;
  /** The route and the test rules. */
  readonly listenerRule: aws.lb.ListenerRuleArgs;
  readonly alarm: aws.cloudwatch.MetricAlarmArgs;
  readonly slotAlarm: aws.cloudwatch.CompositeAlarmArgs;
  readonly loadBalancer: awsx.lb.ApplicationLoadBalancerArgs;
  readonly listener: aws.lb.ListenerArgs;
  readonly logGroup: aws.cloudwatch.LogGroupArgs;
  readonly scalingTarget: aws.appautoscaling.TargetArgs;
}

export type ChildKind = keyof ChildArgs;

/** For each kind: the arguments as they were meant → as they shall be. `name`: the child's name, such as `blue-production`. */
export type ChildTransforms = {
  readonly [K in ChildKind]?: (args: ChildArgs[K], name: string) => ChildArgs[K];
};

export type ChildTransform = <K extends ChildKind>(kind: K, name: string, args: ChildArgs[K]) => ChildArgs[K];

/** What a transform must leave as it is, and why. A key without `.`: the whole argument. */
const PROMISED: { readonly [K in ChildKind]?: Readonly<Record<string, string>> } = {
  listenerRule: {
    actions:
      "the route lists both target groups with the stack's weights and its stickiness, and a test rule leads to the group of its slot alone",
    listenerArn: "all rules of a model stand on one listener",
    priority: "the test rules stand directly before the route (network.priority)",
    tags: "the emergency write and the watchdog find the route by its tags (more tags are welcome: aws:defaultTags)",
  },
  targetGroup: {
    stickiness: "a cookie of a target group would hold users on a slot beyond the reach of the weights",
    name: "the name says what would replace the group, so that a new one can stand beside the old one",
    targetType: "tasks are registered by their own address",
  },
  service: {
    loadBalancers: "each slot's tasks are in its own two target groups",
    name: "everything finds the slot by its service's name",
    cluster: "both slots run in the cluster of the stack's outputs",
    desiredCount: "minTasks and maxTasks are the lever of capacity",
    taskDefinition: "validation compares what runs with what the deploy asked for",
    deploymentController: "ECS itself replaces the tasks of a slot (rolling), and Pulumi its slots",
  },
  taskDefinition: {
    family: "one family for each slot keeps its history together",
    containers:
      "containers beside the model are `sidecars`, the model's own is changed by `transform.container`",
    container: "the model's container is changed by `transform.container`",
    skipDestroy: "ECS's circuit breaker goes back to an earlier revision",
  },
  container: {
    image: "the image is the deployed one, by its digest",
    name: "the load balancer reaches the container by its name",
    portMappings: "the load balancer reaches the model at service.port",
  },
  alarm: { name: "gates and watchdog find an alarm by its name" },
  slotAlarm: {
    alarmName: "the watchdog finds a slot's alarm by its name",
    alarmRule: "the watchdog acts on what the slot's alarms say",
  },
};

/**
 * Carries out what the program asks for.
 * @throws pulumi.RunError when a transform changes what the product promises, with that promise.
 */
export function transformBy(transforms: ChildTransforms, model: string): ChildTransform {
  return (kind, name, args) => {
    const transform = transforms[kind];
    if (transform === undefined) return args;
    const changed = transform({ ...args }, name);
    const before: Readonly<Record<string, unknown>> = { ...args };
    const after: Readonly<Record<string, unknown>> = { ...changed };
    const problems = Object.entries(PROMISED[kind] ?? {})
      .filter(([key]) => before[key] !== after[key])
      .map(([key, promise]) =>
        problem(
          `transform.${kind}`,
          `another ${key} of ${model}-${name}`,
          `${key} as it is: ${promise}`,
          `leave ${key} out of transform.${kind} in the program`,
        ),
      );
    if (problems.length > 0) throw new pulumi.RunError(showProblems(problems));
    return changed;
  };
}
