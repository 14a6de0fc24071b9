import type { Operations } from "../aws-api/operations.ts";
import { scalableTargetType, scalingPolicyType } from "./aws/auto-scaling.ts";
import { compositeAlarmType, metricAlarmType } from "./aws/cloudwatch.ts";
import { clusterCapacityProvidersType } from "./aws/ecs/cluster-capacity-providers.ts";
import { dashboardType } from "./aws/dashboard.ts";
import { clusterType } from "./aws/ecs/cluster.ts";
import { serviceType } from "./aws/ecs/service.ts";
import { taskDefinitionType } from "./aws/ecs/task-definition.ts";
import type { Pause } from "./aws/ecs/wait.ts";
import { listenerRuleType } from "./aws/elb/listener-rule.ts";
import { listenerType } from "./aws/elb/listener.ts";
import { loadBalancerType } from "./aws/elb/load-balancer.ts";
import { targetGroupType } from "./aws/elb/target-group.ts";
import { caller } from "./calls.ts";
import type { ResourceType } from "./resource-type.ts";

/** The AWS operations that resources act through. */
export interface ActingServices {
  readonly elbv2: Operations;
  readonly ecs: Operations;
  readonly autoScaling: Operations;
  readonly cloudwatch: Operations;
}

/** The resource types that do something on the local cloud. */
export function actingTypes(services: ActingServices, pause: Pause): Readonly<Record<string, ResourceType>> {
  const elbv2 = caller("Elastic Load Balancing", services.elbv2);
  const ecs = caller("ECS", services.ecs);
  const autoScaling = caller("Application Auto Scaling", services.autoScaling);
  const cloudwatch = caller("CloudWatch", services.cloudwatch);
  return {
    "aws:lb/loadBalancer:LoadBalancer": loadBalancerType(elbv2),
    "aws:lb/targetGroup:TargetGroup": targetGroupType(elbv2),
    "aws:lb/listener:Listener": listenerType(elbv2),
    "aws:lb/listenerRule:ListenerRule": listenerRuleType(elbv2),
    "aws:ecs/cluster:Cluster": clusterType(ecs),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": clusterCapacityProvidersType(ecs),
    "aws:ecs/taskDefinition:TaskDefinition": taskDefinitionType(ecs),
    "aws:ecs/service:Service": serviceType(ecs, pause),
    "aws:appautoscaling/target:Target": scalableTargetType(autoScaling),
    "aws:appautoscaling/policy:Policy": scalingPolicyType(autoScaling),
    "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarmType(cloudwatch),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": compositeAlarmType(cloudwatch),
    "aws:cloudwatch/dashboard:Dashboard": dashboardType(cloudwatch),
  };
}
