/**
 * The operations of AWS that are checked, by service as IAM writes it: those that the product calls
 * (contract/iam/aws-calls.ts), and those that become of the resources of infra/ and bootstrap/. `model`: the service's
 * folder in botocore's data. After a change: `node tools/aws-models.ts <botocore>`.
 */
export const MODELLED = {
  acm: { model: "acm", operations: ["RequestCertificate"] },
  "application-autoscaling": {
    model: "application-autoscaling",
    operations: ["PutScalingPolicy", "RegisterScalableTarget"],
  },
  cloudwatch: {
    model: "cloudwatch",
    operations: [
      "DescribeAlarms",
      "GetMetricData",
      "PutCompositeAlarm",
      "PutDashboard",
      "PutMetricAlarm",
      "PutMetricData",
    ],
  },
  ec2: {
    model: "ec2",
    operations: [
      "AuthorizeSecurityGroupEgress",
      "AuthorizeSecurityGroupIngress",
      "CreateSecurityGroup",
      "CreateVpc",
    ],
  },
  ecr: { model: "ecr", operations: ["CreateRepository"] },
  ecs: {
    model: "ecs",
    operations: [
      "CreateCluster",
      "CreateService",
      "DescribeServices",
      "PutClusterCapacityProviders",
      "RegisterTaskDefinition",
    ],
  },
  elasticloadbalancing: {
    model: "elbv2",
    operations: [
      "AddTags",
      "CreateListener",
      "CreateLoadBalancer",
      "CreateRule",
      "CreateTargetGroup",
      "DescribeAccountLimits",
      "DescribeListeners",
      "DescribeLoadBalancers",
      "DescribeRules",
      "DescribeTags",
      "DescribeTargetGroups",
      "DescribeTargetHealth",
      "ModifyLoadBalancerAttributes",
      "ModifyRule",
      "ModifyTargetGroupAttributes",
      "RemoveTags",
    ],
  },
  events: { model: "events", operations: ["PutRule", "PutTargets"] },
  iam: {
    model: "iam",
    operations: [
      "AttachRolePolicy",
      "CreateOpenIDConnectProvider",
      "CreatePolicy",
      "CreateRole",
      "PutRolePolicy",
    ],
  },
  kms: { model: "kms", operations: ["CreateAlias", "CreateKey", "EnableKeyRotation"] },
  lambda: {
    model: "lambda",
    operations: ["AddPermission", "CreateFunction", "PutFunctionConcurrency", "PutFunctionEventInvokeConfig"],
  },
  logs: { model: "logs", operations: ["CreateLogGroup", "FilterLogEvents", "PutRetentionPolicy"] },
  route53: { model: "route53", operations: ["ChangeResourceRecordSets"] },
  sagemaker: {
    model: "sagemaker",
    operations: ["DescribeModelPackage", "ListModelPackages", "UpdateModelPackage"],
  },
  s3: {
    model: "s3",
    operations: [
      "CreateBucket",
      "GetObject",
      "ListObjectsV2",
      "PutBucketEncryption",
      "PutBucketPolicy",
      "PutBucketVersioning",
      "PutObject",
      "PutPublicAccessBlock",
    ],
  },
  sns: { model: "sns", operations: ["Publish"] },
  sts: { model: "sts", operations: ["GetCallerIdentity"] },
} as const satisfies Readonly<
  Record<string, { readonly model: string; readonly operations: readonly string[] }>
>;

export type Service = keyof typeof MODELLED;
