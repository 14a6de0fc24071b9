import type { WrittenConfig } from "../support/pulumi-mocks.ts";

/** Configurations that the tests of the program start from. */
export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const OTHER_DIGEST = `sha256:${"b2".repeat(32)}`;
const REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vision/digits";

export const IMAGE = `${REPOSITORY}@${DIGEST}`;
export const OTHER_IMAGE = `${REPOSITORY}@${OTHER_DIGEST}`;

export const EMPTY: WrittenConfig = {};
export const ONE_SLOT: WrittenConfig = { blue: { image: IMAGE, modelVersion: "7" } };
export const TWO_SLOTS: WrittenConfig = { ...ONE_SLOT, green: { image: OTHER_IMAGE, modelVersion: "8" } };

export const TOKEN = "0123456789abcdef0123456789abcdef";
export const NEW_TOKEN = "fedcba9876543210fedcba9876543210";
export const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1";
export const HTTPS = { certificateArn: CERTIFICATE, hostName: "model.example.com" };
export const ZONE = { hostedZoneId: "Z0123456789ABCDEFGHIJ", hostName: "model.example.com" };
export const EXISTING_VPC = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-p1", "subnet-p2"],
  taskSubnetIds: ["subnet-t1", "subnet-t2"],
};
export const SHARED_LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/2/3";
export const SHARED = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-t1", "subnet-t2"],
  listenerArn: SHARED_LISTENER,
  hostHeaders: ["*.example.com", "model.example.com"],
  pathPatterns: ["/v1/*"],
  priority: 40,
};

export const TYPE = {
  vpc: "awsx:ec2:Vpc",
  loadBalancer: "awsx:lb:ApplicationLoadBalancer",
  taskDefinition: "awsx:ecs:FargateTaskDefinition",
  ec2TaskDefinition: "awsx:ecs:EC2TaskDefinition",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  clusterCapacity: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  listener: "aws:lb/listener:Listener",
  rule: "aws:lb/listenerRule:ListenerRule",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  cluster: "aws:ecs/cluster:Cluster",
  service: "aws:ecs/service:Service",
  scalableTarget: "aws:appautoscaling/target:Target",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  composite: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  slot: "bluegreen:slot:Slot",
  role: "aws:iam/role:Role",
  function: "aws:lambda/function:Function",
  invokeConfig: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  permission: "aws:lambda/permission:Permission",
  eventRule: "aws:cloudwatch/eventRule:EventRule",
  certificate: "aws:acm/certificate:Certificate",
  certificateValidation: "aws:acm/certificateValidation:CertificateValidation",
  record: "aws:route53/record:Record",
  eventTarget: "aws:cloudwatch/eventTarget:EventTarget",
} as const;
