import {
  autoNamed,
  block,
  blocks,
  each,
  listOf,
  mapped,
  onlyBlock,
  OWN,
  tagList,
  type Json,
  type Resource,
  type ResourceCall,
  type Table,
} from "./table.ts";

const one =
  (service: ResourceCall["service"], operation: string, table: Table) =>
  ({ inputs }: Resource): readonly ResourceCall[] => [{ service, operation, input: mapped(inputs, table) }];

// By the expand functions of terraform-provider-aws, internal/service/ec2.
const described = (list: string, member: string) => (values: unknown) => ({
  [list]: Array.isArray(values) ? values.map((value) => ({ [member]: value })) : [],
});
const PERMISSION: Table = {
  protocol: "IpProtocol",
  fromPort: "FromPort",
  toPort: "ToPort",
  cidrBlocks: described("IpRanges", "CidrIp"),
  ipv6CidrBlocks: described("Ipv6Ranges", "CidrIpv6"),
  securityGroups: described("UserIdGroupPairs", "GroupId"),
  description: "Description",
};

const ec2Tags = (ResourceType: string) => (tags: unknown) => {
  const { Tags } = tagList()(tags);
  return Tags === undefined ? {} : { TagSpecifications: [{ ResourceType, Tags }] };
};

/** A rule's description belongs to each of its sources. */
function permission(rule: unknown): Json {
  const { Description, ...rest } = mapped(rule, PERMISSION);
  const entries = Object.entries(rest).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((source: object) => ({ ...source, Description })) : value,
  ]);
  return Object.fromEntries(entries);
}

export function securityGroup(resource: Resource): readonly ResourceCall[] {
  const { ingress, egress, ...group } = mapped(resource.inputs, {
    description: "Description",
    vpcId: "VpcId",
    ingress: each("ingress", permission),
    egress: each("egress", permission),
    tags: ec2Tags("security-group"),
  });
  const GroupId = "sg-0123456789abcdef0";
  // Without rules the provider makes no call.
  const rules = (operation: string, given: unknown): readonly ResourceCall[] =>
    listOf(given).length === 0
      ? []
      : [{ service: "ec2", operation, input: { GroupId, IpPermissions: given } }];
  return [
    { service: "ec2", operation: "CreateSecurityGroup", input: { GroupName: autoNamed(resource), ...group } },
    ...rules("AuthorizeSecurityGroupIngress", ingress),
    ...rules("AuthorizeSecurityGroupEgress", egress),
  ];
}

/** Of the component awsx.ec2.Vpc the VPC alone: what it makes of the rest only awsx knows. */
export const vpc = one("ec2", "CreateVpc", {
  cidrBlock: "CidrBlock",
  tags: ec2Tags("vpc"),
  enableDnsHostnames: OWN,
  enableDnsSupport: OWN,
  numberOfAvailabilityZones: OWN,
  availabilityZoneNames: OWN,
  availabilityZoneCidrMask: OWN,
  subnetStrategy: OWN,
  subnetSpecs: OWN,
  natGateways: OWN,
});

// internal/service/lambda.
const FUNCTION: Table = {
  name: "FunctionName",
  description: "Description",
  runtime: "Runtime",
  architectures: "Architectures",
  handler: "Handler",
  code: () => ({ Code: { ZipFile: "zip" } }),
  role: "Role",
  memorySize: "MemorySize",
  timeout: "Timeout",
  environment: block({ variables: "Variables" }, "Environment"),
  tags: "Tags",
  reservedConcurrentExecutions: "ReservedConcurrentExecutions",
};

export function lambdaFunction({ inputs }: Resource): readonly ResourceCall[] {
  const { ReservedConcurrentExecutions, ...created } = mapped(inputs, FUNCTION);
  const { FunctionName } = created;
  const reserved = { FunctionName, ReservedConcurrentExecutions };
  return [
    { service: "lambda", operation: "CreateFunction", input: created },
    ...(ReservedConcurrentExecutions === undefined
      ? []
      : [{ service: "lambda", operation: "PutFunctionConcurrency", input: reserved } as const]),
  ];
}

export const invokeConfig = one("lambda", "PutFunctionEventInvokeConfig", {
  functionName: "FunctionName",
  maximumEventAgeInSeconds: "MaximumEventAgeInSeconds",
  maximumRetryAttempts: "MaximumRetryAttempts",
});
export const permissionOf = (resource: Resource): readonly ResourceCall[] => [
  {
    service: "lambda",
    operation: "AddPermission",
    input: {
      StatementId: autoNamed(resource, "statementId"),
      ...mapped(resource.inputs, {
        action: "Action",
        function: "FunctionName",
        principal: "Principal",
        sourceAccount: "SourceAccount",
        sourceArn: "SourceArn",
      }),
    },
  },
];

// internal/service/acm, internal/service/route53.
export const certificate = one("acm", "RequestCertificate", {
  domainName: "DomainName",
  validationMethod: "ValidationMethod",
  tags: tagList(),
});

export function record({ inputs }: Resource): readonly ResourceCall[] {
  const {
    HostedZoneId,
    Action = "CREATE",
    ...ResourceRecordSet
  } = mapped(inputs, {
    zoneId: "HostedZoneId",
    name: "Name",
    type: "Type",
    ttl: "TTL",
    records: each("ResourceRecords", (Value) => ({ Value })),
    aliases: onlyBlock(
      { name: "DNSName", zoneId: "HostedZoneId", evaluateTargetHealth: "EvaluateTargetHealth" },
      "AliasTarget",
    ),
    allowOverwrite: (value) => ({ Action: value === true ? "UPSERT" : "CREATE" }),
  });
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
  return [
    { service: "route53", operation: "ChangeResourceRecordSets", input: { HostedZoneId, ChangeBatch } },
  ];
}

// internal/service/kms, internal/service/s3, internal/service/ecr.
export const key = one("kms", "CreateKey", {
  description: "Description",
  enableKeyRotation: OWN,
  deletionWindowInDays: OWN,
});
export const alias = one("kms", "CreateAlias", { name: "AliasName", targetKeyId: "TargetKeyId" });
export const bucket = one("s3", "CreateBucket", { bucket: "Bucket" });
export const bucketVersioning = one("s3", "PutBucketVersioning", {
  bucket: "Bucket",
  versioningConfiguration: block({ status: "Status" }, "VersioningConfiguration"),
});
export const bucketEncryption = one("s3", "PutBucketEncryption", {
  bucket: "Bucket",
  rules: blocks(
    {
      applyServerSideEncryptionByDefault: block(
        { sseAlgorithm: "SSEAlgorithm", kmsMasterKeyId: "KMSMasterKeyID" },
        "ApplyServerSideEncryptionByDefault",
      ),
      bucketKeyEnabled: "BucketKeyEnabled",
    },
    "ServerSideEncryptionConfiguration.Rules",
  ),
});
export const bucketAccess = one("s3", "PutPublicAccessBlock", {
  bucket: "Bucket",
  blockPublicAcls: "PublicAccessBlockConfiguration.BlockPublicAcls",
  blockPublicPolicy: "PublicAccessBlockConfiguration.BlockPublicPolicy",
  ignorePublicAcls: "PublicAccessBlockConfiguration.IgnorePublicAcls",
  restrictPublicBuckets: "PublicAccessBlockConfiguration.RestrictPublicBuckets",
});
export const bucketPolicy = one("s3", "PutBucketPolicy", { bucket: "Bucket", policy: "Policy" });
export const repository = one("ecr", "CreateRepository", {
  name: "repositoryName",
  imageTagMutability: "imageTagMutability",
  imageScanningConfiguration: block({ scanOnPush: "scanOnPush" }, "imageScanningConfiguration"),
  encryptionConfigurations: onlyBlock(
    { encryptionType: "encryptionType", kmsKey: "kmsKey" },
    "encryptionConfiguration",
  ),
});
