import { HOST_NAME_TYPES } from "./host-name-types.ts";
import type { ScopeName } from "./scopes.ts";
import type { Permission, TypePermissions } from "./type-permissions.ts";
import { WATCHDOG_TYPES } from "./watchdog-types.ts";

const permissions = (scope: ScopeName, service: string, ...names: readonly string[]): readonly Permission[] =>
  names.map((name) => [`${service}:${name}`, scope] as const);
const elb = (scope: ScopeName, ...names: readonly string[]) =>
  permissions(scope, "elasticloadbalancing", ...names);
const ec2 = (scope: ScopeName, ...names: readonly string[]) => permissions(scope, "ec2", ...names);
const ecs = (scope: ScopeName, ...names: readonly string[]) => permissions(scope, "ecs", ...names);
const iam = (scope: ScopeName, ...names: readonly string[]) => permissions(scope, "iam", ...names);
const scaling = (scope: ScopeName, ...names: readonly string[]) =>
  permissions(scope, "application-autoscaling", ...names);
const alarms = (scope: ScopeName, ...names: readonly string[]) => permissions(scope, "cloudwatch", ...names);
const logs = (scope: ScopeName, ...names: readonly string[]) => permissions(scope, "logs", ...names);

const EC2_TAGS = ec2("ec2Tags", "CreateTags", "DeleteTags");
const ELB_TAGS = [...elb("elbTags", "AddTags"), ...elb("elbUntag", "RemoveTags")];
const ECS_TAGS = ecs("ecsTags", "TagResource", "UntagResource");
// The provider waits for network interfaces to go before it deletes what they stand in.
const INTERFACES = ec2("unlimited", "DescribeNetworkInterfaces");
const LINKED = iam("serviceLinkedRoles", "CreateServiceLinkedRole");

/**
 * The permissions that `pulumi up`, `refresh` and `destroy` need, by resource type of `infra/` (what the awsx components
 * make included). A test holds the types equal to those that the program registers.
 *
 * Sources: which permission an action is and what it can be limited by: AWS Service Authorization Reference, June 2026.
 * Which calls the provider makes: terraform-provider-aws, on which pulumi-aws 7 is built, by resource; proven on
 * the local cloud for the types that it simulates, not proven on an account for the others (docs/aws-findings.md).
 */
export const RESOURCE_TYPES: Readonly<Record<string, TypePermissions>> = {
  "aws:ec2/vpc:Vpc": {
    read: ec2(
      "unlimited",
      "DescribeVpcs",
      "DescribeVpcAttribute",
      "DescribeNetworkAcls",
      "DescribeAvailabilityZones",
    ),
    write: [
      ...ec2("newInEc2", "CreateVpc"),
      ...ec2("ownInEc2", "ModifyVpcAttribute", "DeleteVpc"),
      ...EC2_TAGS,
    ],
  },
  "aws:ec2/subnet:Subnet": {
    read: [...ec2("unlimited", "DescribeSubnets"), ...INTERFACES],
    write: [
      ...ec2("newInEc2", "CreateSubnet"),
      ...ec2("ownInEc2", "ModifySubnetAttribute", "DeleteSubnet"),
      ...EC2_TAGS,
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    read: ec2("unlimited", "DescribeInternetGateways"),
    write: [
      ...ec2("newInEc2", "CreateInternetGateway"),
      ...ec2("ownInEc2", "AttachInternetGateway", "DetachInternetGateway", "DeleteInternetGateway"),
      ...EC2_TAGS,
    ],
  },
  "aws:ec2/routeTable:RouteTable": {
    read: ec2("unlimited", "DescribeRouteTables"),
    write: [...ec2("newInEc2", "CreateRouteTable"), ...ec2("ownInEc2", "DeleteRouteTable"), ...EC2_TAGS],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    read: ec2("unlimited", "DescribeRouteTables"),
    write: ec2("ownInEc2", "AssociateRouteTable", "ReplaceRouteTableAssociation", "DisassociateRouteTable"),
  },
  "aws:ec2/route:Route": {
    read: ec2("unlimited", "DescribeRouteTables"),
    write: ec2("ownInEc2", "CreateRoute", "ReplaceRoute", "DeleteRoute"),
  },
  "aws:ec2/eip:Eip": {
    read: ec2("unlimited", "DescribeAddresses", "DescribeAddressesAttribute"),
    write: [
      ...ec2("newInEc2", "AllocateAddress"),
      ...ec2("ownInEc2", "DisassociateAddress", "ReleaseAddress"),
      ...EC2_TAGS,
    ],
  },
  "aws:ec2/natGateway:NatGateway": {
    read: ec2("unlimited", "DescribeNatGateways"),
    write: [...ec2("newInEc2", "CreateNatGateway"), ...ec2("ownInEc2", "DeleteNatGateway"), ...EC2_TAGS],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    read: [...ec2("unlimited", "DescribeSecurityGroups", "DescribeSecurityGroupRules"), ...INTERFACES],
    write: [
      ...ec2("newInEc2", "CreateSecurityGroup"),
      ...ec2(
        "ownInEc2",
        "AuthorizeSecurityGroupIngress",
        "AuthorizeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress",
        "DeleteSecurityGroup",
      ),
      ...EC2_TAGS,
    ],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    read: [
      ...elb(
        "unlimited",
        "DescribeLoadBalancers",
        "DescribeLoadBalancerAttributes",
        "DescribeCapacityReservation",
        "DescribeTags",
      ),
      // ELB looks at these in the caller's name when it makes a load balancer.
      ...ec2(
        "unlimited",
        "DescribeAccountAttributes",
        "DescribeInternetGateways",
        "DescribeSecurityGroups",
        "DescribeSubnets",
        "DescribeVpcs",
      ),
      ...INTERFACES,
    ],
    write: [
      ...elb(
        "ownLoadBalancer",
        "CreateLoadBalancer",
        "ModifyLoadBalancerAttributes",
        "SetSecurityGroups",
        "SetSubnets",
        "SetIpAddressType",
        "DeleteLoadBalancer",
      ),
      ...ELB_TAGS,
      ...LINKED,
    ],
  },
  "aws:lb/listener:Listener": {
    read: elb("unlimited", "DescribeListeners", "DescribeListenerAttributes", "DescribeTags"),
    write: [
      ...elb(
        "ownLoadBalancer",
        "CreateListener",
        "ModifyListener",
        "ModifyListenerAttributes",
        "DeleteListener",
      ),
      ...ELB_TAGS,
    ],
  },
  "aws:lb/listenerRule:ListenerRule": {
    read: elb("unlimited", "DescribeRules", "DescribeTags"),
    write: [
      ...elb("newRules", "CreateRule"),
      ...elb("rules", "ModifyRule", "SetRulePriorities", "DeleteRule"),
      ...ELB_TAGS,
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    read: elb("unlimited", "DescribeTargetGroups", "DescribeTargetGroupAttributes", "DescribeTags"),
    write: [
      ...elb(
        "targetGroups",
        "CreateTargetGroup",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "DeleteTargetGroup",
      ),
      ...ELB_TAGS,
    ],
  },
  "aws:ecs/cluster:Cluster": {
    read: ecs("cluster", "DescribeClusters"),
    write: [...ecs("cluster", "CreateCluster", "UpdateCluster", "DeleteCluster"), ...ECS_TAGS, ...LINKED],
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    read: ecs("cluster", "DescribeClusters"),
    write: ecs("cluster", "PutClusterCapacityProviders"),
  },
  "aws:ecs/service:Service": {
    read: ecs("services", "DescribeServices"),
    write: [...ecs("services", "CreateService", "UpdateService", "DeleteService"), ...ECS_TAGS],
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    read: ecs("unlimited", "DescribeTaskDefinition"),
    // No DeregisterTaskDefinition: the program keeps old revisions (skipDestroy).
    write: [
      ...ecs("taskDefinitions", "RegisterTaskDefinition"),
      ...ECS_TAGS,
      ...iam("passedRoles", "PassRole"),
    ],
  },
  "aws:appautoscaling/target:Target": {
    read: [
      ...scaling("unlimited", "DescribeScalableTargets"),
      ...scaling("scalableTargetTags", "ListTagsForResource"),
    ],
    write: [
      ...scaling("scalableTargets", "RegisterScalableTarget", "DeregisterScalableTarget"),
      ...scaling("scalableTargetTags", "TagResource", "UntagResource"),
      ...LINKED,
    ],
  },
  "aws:appautoscaling/policy:Policy": {
    read: scaling("unlimited", "DescribeScalingPolicies"),
    write: [
      ...scaling("scalableTargets", "PutScalingPolicy", "DeleteScalingPolicy"),
      ...alarms("scalingAlarms", "PutMetricAlarm", "DeleteAlarms"),
    ],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    read: [...alarms("compositeAlarms", "DescribeAlarms"), ...alarms("alarms", "ListTagsForResource")],
    write: alarms("alarms", "PutMetricAlarm", "DeleteAlarms", "TagResource", "UntagResource"),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    read: [...alarms("compositeAlarms", "DescribeAlarms"), ...alarms("alarms", "ListTagsForResource")],
    write: [
      ...alarms("compositeAlarms", "PutCompositeAlarm"),
      ...alarms("alarms", "DeleteAlarms", "TagResource", "UntagResource"),
    ],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    read: alarms("dashboards", "GetDashboard"),
    write: alarms("dashboards", "PutDashboard", "DeleteDashboards"),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    read: [...logs("unlimited", "DescribeLogGroups"), ...logs("logGroups", "ListTagsForResource")],
    write: logs(
      "logGroups",
      "CreateLogGroup",
      "PutRetentionPolicy",
      "DeleteRetentionPolicy",
      "TagResource",
      "UntagResource",
      "DeleteLogGroup",
    ),
  },
  "aws:iam/role:Role": {
    read: iam(
      "roles",
      "GetRole",
      "GetRolePolicy",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
      "ListInstanceProfilesForRole",
    ),
    write: [
      ...iam("boundedRoles", "CreateRole", "PutRolePolicy", "DeleteRolePolicy"),
      ...iam("boundary", "PutRolePermissionsBoundary"),
      ...iam("roles", "UpdateRole", "UpdateAssumeRolePolicy", "TagRole", "UntagRole", "DeleteRole"),
    ],
  },
  ...WATCHDOG_TYPES,
  ...HOST_NAME_TYPES,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    read: iam("roles", "ListAttachedRolePolicies"),
    write: iam("taskPolicies", "AttachRolePolicy", "DetachRolePolicy"),
  },
};
