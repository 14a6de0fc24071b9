// Generated from the files below this folder: `npm run generate -w packages/local-cloud`.
import type { DefinedOperation } from "../aws-api/define-operation.ts";
import applicationAutoScalingDeleteScalingPolicy from "./application-auto-scaling/delete-scaling-policy.ts";
import applicationAutoScalingDeregisterScalableTarget from "./application-auto-scaling/deregister-scalable-target.ts";
import applicationAutoScalingDescribeScalableTargets from "./application-auto-scaling/describe-scalable-targets.ts";
import applicationAutoScalingDescribeScalingPolicies from "./application-auto-scaling/describe-scaling-policies.ts";
import applicationAutoScalingPutScalingPolicy from "./application-auto-scaling/put-scaling-policy.ts";
import applicationAutoScalingRegisterScalableTarget from "./application-auto-scaling/register-scalable-target.ts";
import cloudwatchAlarmsDeleteAlarms from "./cloudwatch/alarms/delete-alarms.ts";
import cloudwatchAlarmsDescribeAlarmHistory from "./cloudwatch/alarms/describe-alarm-history.ts";
import cloudwatchAlarmsDescribeAlarms from "./cloudwatch/alarms/describe-alarms.ts";
import cloudwatchAlarmsDisableAlarmActions from "./cloudwatch/alarms/disable-alarm-actions.ts";
import cloudwatchAlarmsEnableAlarmActions from "./cloudwatch/alarms/enable-alarm-actions.ts";
import cloudwatchAlarmsListTagsForResource from "./cloudwatch/alarms/list-tags-for-resource.ts";
import cloudwatchAlarmsPutCompositeAlarm from "./cloudwatch/alarms/put-composite-alarm.ts";
import cloudwatchAlarmsPutMetricAlarm from "./cloudwatch/alarms/put-metric-alarm.ts";
import cloudwatchAlarmsSetAlarmState from "./cloudwatch/alarms/set-alarm-state.ts";
import cloudwatchAlarmsTagResource from "./cloudwatch/alarms/tag-resource.ts";
import cloudwatchAlarmsUntagResource from "./cloudwatch/alarms/untag-resource.ts";
import cloudwatchDashboardsDeleteDashboards from "./cloudwatch/dashboards/delete-dashboards.ts";
import cloudwatchDashboardsGetDashboard from "./cloudwatch/dashboards/get-dashboard.ts";
import cloudwatchDashboardsListDashboards from "./cloudwatch/dashboards/list-dashboards.ts";
import cloudwatchDashboardsPutDashboard from "./cloudwatch/dashboards/put-dashboard.ts";
import cloudwatchMetricsGetMetricData from "./cloudwatch/metrics/get-metric-data.ts";
import cloudwatchMetricsGetMetricStatistics from "./cloudwatch/metrics/get-metric-statistics.ts";
import cloudwatchMetricsListMetrics from "./cloudwatch/metrics/list-metrics.ts";
import cloudwatchMetricsPutMetricData from "./cloudwatch/metrics/put-metric-data.ts";
import ecsCreateCluster from "./ecs/create-cluster.ts";
import ecsCreateService from "./ecs/create-service.ts";
import ecsDeleteCluster from "./ecs/delete-cluster.ts";
import ecsDeleteService from "./ecs/delete-service.ts";
import ecsDeregisterTaskDefinition from "./ecs/deregister-task-definition.ts";
import ecsDescribeClusters from "./ecs/describe-clusters.ts";
import ecsDescribeServices from "./ecs/describe-services.ts";
import ecsDescribeTaskDefinition from "./ecs/describe-task-definition.ts";
import ecsDescribeTasks from "./ecs/describe-tasks.ts";
import ecsListClusters from "./ecs/list-clusters.ts";
import ecsListServices from "./ecs/list-services.ts";
import ecsListTagsForResource from "./ecs/list-tags-for-resource.ts";
import ecsListTasks from "./ecs/list-tasks.ts";
import ecsPutClusterCapacityProviders from "./ecs/put-cluster-capacity-providers.ts";
import ecsRegisterTaskDefinition from "./ecs/register-task-definition.ts";
import ecsStopTask from "./ecs/stop-task.ts";
import ecsTagResource from "./ecs/tag-resource.ts";
import ecsUntagResource from "./ecs/untag-resource.ts";
import ecsUpdateService from "./ecs/update-service.ts";
import elbv2ListenersCreateListener from "./elbv2/listeners/create-listener.ts";
import elbv2ListenersDeleteListener from "./elbv2/listeners/delete-listener.ts";
import elbv2ListenersDescribeListeners from "./elbv2/listeners/describe-listeners.ts";
import elbv2ListenersModifyListener from "./elbv2/listeners/modify-listener.ts";
import elbv2LoadBalancersCreateLoadBalancer from "./elbv2/load-balancers/create-load-balancer.ts";
import elbv2LoadBalancersDeleteLoadBalancer from "./elbv2/load-balancers/delete-load-balancer.ts";
import elbv2LoadBalancersDescribeLoadBalancerAttributes from "./elbv2/load-balancers/describe-load-balancer-attributes.ts";
import elbv2LoadBalancersDescribeLoadBalancers from "./elbv2/load-balancers/describe-load-balancers.ts";
import elbv2LoadBalancersModifyLoadBalancerAttributes from "./elbv2/load-balancers/modify-load-balancer-attributes.ts";
import elbv2LoadBalancersSetSecurityGroups from "./elbv2/load-balancers/set-security-groups.ts";
import elbv2RulesCreateRule from "./elbv2/rules/create-rule.ts";
import elbv2RulesDeleteRule from "./elbv2/rules/delete-rule.ts";
import elbv2RulesDescribeRules from "./elbv2/rules/describe-rules.ts";
import elbv2RulesModifyRule from "./elbv2/rules/modify-rule.ts";
import elbv2RulesSetRulePriorities from "./elbv2/rules/set-rule-priorities.ts";
import elbv2TagsAddTags from "./elbv2/tags/add-tags.ts";
import elbv2TagsDescribeTags from "./elbv2/tags/describe-tags.ts";
import elbv2TagsRemoveTags from "./elbv2/tags/remove-tags.ts";
import elbv2TargetGroupsCreateTargetGroup from "./elbv2/target-groups/create-target-group.ts";
import elbv2TargetGroupsDeleteTargetGroup from "./elbv2/target-groups/delete-target-group.ts";
import elbv2TargetGroupsDeregisterTargets from "./elbv2/target-groups/deregister-targets.ts";
import elbv2TargetGroupsDescribeTargetGroupAttributes from "./elbv2/target-groups/describe-target-group-attributes.ts";
import elbv2TargetGroupsDescribeTargetGroups from "./elbv2/target-groups/describe-target-groups.ts";
import elbv2TargetGroupsDescribeTargetHealth from "./elbv2/target-groups/describe-target-health.ts";
import elbv2TargetGroupsModifyTargetGroupAttributes from "./elbv2/target-groups/modify-target-group-attributes.ts";
import elbv2TargetGroupsModifyTargetGroup from "./elbv2/target-groups/modify-target-group.ts";
import elbv2TargetGroupsRegisterTargets from "./elbv2/target-groups/register-targets.ts";
import logsFilterLogEvents from "./logs/filter-log-events.ts";

export const OPERATIONS: readonly DefinedOperation[] = [
  applicationAutoScalingDeleteScalingPolicy,
  applicationAutoScalingDeregisterScalableTarget,
  applicationAutoScalingDescribeScalableTargets,
  applicationAutoScalingDescribeScalingPolicies,
  applicationAutoScalingPutScalingPolicy,
  applicationAutoScalingRegisterScalableTarget,
  cloudwatchAlarmsDeleteAlarms,
  cloudwatchAlarmsDescribeAlarmHistory,
  cloudwatchAlarmsDescribeAlarms,
  cloudwatchAlarmsDisableAlarmActions,
  cloudwatchAlarmsEnableAlarmActions,
  cloudwatchAlarmsListTagsForResource,
  cloudwatchAlarmsPutCompositeAlarm,
  cloudwatchAlarmsPutMetricAlarm,
  cloudwatchAlarmsSetAlarmState,
  cloudwatchAlarmsTagResource,
  cloudwatchAlarmsUntagResource,
  cloudwatchDashboardsDeleteDashboards,
  cloudwatchDashboardsGetDashboard,
  cloudwatchDashboardsListDashboards,
  cloudwatchDashboardsPutDashboard,
  cloudwatchMetricsGetMetricData,
  cloudwatchMetricsGetMetricStatistics,
  cloudwatchMetricsListMetrics,
  cloudwatchMetricsPutMetricData,
  ecsCreateCluster,
  ecsCreateService,
  ecsDeleteCluster,
  ecsDeleteService,
  ecsDeregisterTaskDefinition,
  ecsDescribeClusters,
  ecsDescribeServices,
  ecsDescribeTaskDefinition,
  ecsDescribeTasks,
  ecsListClusters,
  ecsListServices,
  ecsListTagsForResource,
  ecsListTasks,
  ecsPutClusterCapacityProviders,
  ecsRegisterTaskDefinition,
  ecsStopTask,
  ecsTagResource,
  ecsUntagResource,
  ecsUpdateService,
  elbv2ListenersCreateListener,
  elbv2ListenersDeleteListener,
  elbv2ListenersDescribeListeners,
  elbv2ListenersModifyListener,
  elbv2LoadBalancersCreateLoadBalancer,
  elbv2LoadBalancersDeleteLoadBalancer,
  elbv2LoadBalancersDescribeLoadBalancerAttributes,
  elbv2LoadBalancersDescribeLoadBalancers,
  elbv2LoadBalancersModifyLoadBalancerAttributes,
  elbv2LoadBalancersSetSecurityGroups,
  elbv2RulesCreateRule,
  elbv2RulesDeleteRule,
  elbv2RulesDescribeRules,
  elbv2RulesModifyRule,
  elbv2RulesSetRulePriorities,
  elbv2TagsAddTags,
  elbv2TagsDescribeTags,
  elbv2TagsRemoveTags,
  elbv2TargetGroupsCreateTargetGroup,
  elbv2TargetGroupsDeleteTargetGroup,
  elbv2TargetGroupsDeregisterTargets,
  elbv2TargetGroupsDescribeTargetGroupAttributes,
  elbv2TargetGroupsDescribeTargetGroups,
  elbv2TargetGroupsDescribeTargetHealth,
  elbv2TargetGroupsModifyTargetGroupAttributes,
  elbv2TargetGroupsModifyTargetGroup,
  elbv2TargetGroupsRegisterTargets,
  logsFilterLogEvents,
];
