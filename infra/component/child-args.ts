import type * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";

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
