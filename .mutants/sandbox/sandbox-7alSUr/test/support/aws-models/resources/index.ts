import { findingsOf } from "../validate.ts";
import * as cloudwatch from "./cloudwatch.ts";
import * as ecs from "./ecs.ts";
import * as elb from "./elb.ts";
import * as iam from "./iam.ts";
import * as others from "./others.ts";
import type { Resource, ResourceCall } from "./table.ts";

type Calls = (resource: Resource) => readonly ResourceCall[];
const none: Calls = () => [];

/**
 * What becomes of each type of resource when it is new. `none`: nothing of it goes to AWS but what others' inputs have
 * (components), or it only waits.
 */
const TYPES: Readonly<Record<string, Calls>> = {
  "aws:acm/certificate:Certificate": others.certificate,
  "aws:acm/certificateValidation:CertificateValidation": none,
  "aws:appautoscaling/policy:Policy": ecs.scalingPolicy,
  "aws:appautoscaling/target:Target": ecs.scalableTarget,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": cloudwatch.compositeAlarm,
  "aws:cloudwatch/dashboard:Dashboard": cloudwatch.dashboard,
  "aws:cloudwatch/eventRule:EventRule": cloudwatch.eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": cloudwatch.eventTarget,
  "aws:cloudwatch/logGroup:LogGroup": cloudwatch.logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": cloudwatch.metricAlarm,
  "aws:ec2/securityGroup:SecurityGroup": others.securityGroup,
  "aws:ecr/repository:Repository": others.repository,
  "aws:ecs/cluster:Cluster": ecs.cluster,
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ecs.clusterCapacity,
  "aws:ecs/service:Service": ecs.service,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": iam.oidcProvider,
  "aws:iam/policy:Policy": iam.managedPolicy,
  "aws:iam/role:Role": iam.role,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam.attachment,
  "aws:kms/alias:Alias": others.alias,
  "aws:kms/key:Key": others.key,
  "aws:lambda/function:Function": others.lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": others.invokeConfig,
  "aws:lambda/permission:Permission": others.permissionOf,
  "aws:lb/listener:Listener": elb.listener,
  "aws:lb/listenerRule:ListenerRule": elb.listenerRule,
  "aws:lb/targetGroup:TargetGroup": elb.targetGroup,
  "aws:route53/record:Record": others.record,
  "aws:s3/bucket:Bucket": others.bucket,
  "aws:s3/bucketPolicy:BucketPolicy": others.bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": others.bucketAccess,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    others.bucketEncryption,
  "aws:s3/bucketVersioning:BucketVersioning": others.bucketVersioning,
  "awsx:ec2:Vpc": others.vpc,
  "awsx:ecs:EC2TaskDefinition": ecs.taskDefinition("EC2"),
  "awsx:ecs:FargateTaskDefinition": ecs.taskDefinition("FARGATE"),
  "awsx:lb:ApplicationLoadBalancer": elb.applicationLoadBalancer,
  "bluegreen:slot:Slot": none,
  "pulumi:index:Stash": none,
  "pulumi:pulumi:Stack": none,
};

/** The calls that make a resource. Throws for a type, or a property, that nobody has mapped. */
export function callsOf(resource: Resource & { readonly type: string }): readonly ResourceCall[] {
  const calls = TYPES[resource.type];
  if (calls === undefined) throw new Error(`nobody has said what AWS is asked for a ${resource.type}`);
  return calls(resource);
}

/** What AWS would refuse of a program's resources. */
export const findingsOfResources = (
  resources: readonly (Resource & { readonly type: string })[],
): readonly string[] =>
  resources.flatMap((resource) =>
    callsOf(resource).flatMap(({ service, operation, input }) =>
      findingsOf(service, operation, input).map(
        (finding) => `${resource.type}::${resource.name}: ${finding}`,
      ),
    ),
  );
