import { namePatterns, type Identity, type Names } from "../names/names.ts";
import { ROUTE_TAGS } from "../route/route.ts";
import { SLOTS, type Slot } from "../slot.ts";

/** Where a policy is to hold: one stack in one account and region, and what the user brought along. */
export interface PolicyPlace extends Identity {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Its names on AWS, where they are known; undefined: whatever names a stack of this project and name may have. */
  readonly names?: Names | undefined;
  /** `network.listenerArn`, when the stack shares a listener. */
  readonly listenerArn?: string | undefined;
  /** `network.vpcId`, when the stack stands in an existing VPC. */
  readonly vpcId?: string | undefined;
  /** `service.taskPolicyArns`: the only managed policies that may be attached to a task role. */
  readonly taskPolicyArns?: readonly string[] | undefined;
  /** `iam.rolePath`, where the names are not known; undefined: `/`. */
  readonly rolePath?: string | undefined;
  /** `iam.permissionsBoundaryArn`: the stack may make no role without it, and take it from none. */
  readonly permissionsBoundaryArn?: string | undefined;
  /** `service.hostedZoneId` and `service.hostName`: only both together name records that the stack may write. */
  readonly hostedZoneId?: string | undefined;
  readonly hostName?: string | undefined;
  /** `rollout.notifyTopicArn`. */
  readonly notifyTopicArn?: string | undefined;
  /** Groups of SageMaker's Model Registry whose versions are deployed here, and told where they are. */
  readonly modelPackageGroups?: readonly string[] | undefined;
  /** Bucket of Pulumi's state, and the KMS key of its secrets and of the bucket, when the state is in S3. */
  readonly stateBucket?: string | undefined;
  readonly stateKeyArn?: string | undefined;
  /** `labels.bucket`. */
  readonly labelBucket?: string | undefined;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Resources of a statement, and under which conditions. */
export interface Grant {
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

const namesAt = (place: PolicyPlace): readonly Names[] =>
  place.names === undefined ? namePatterns(place) : [place.names];

export const tagged = (place: PolicyPlace): Conditions => whose(place, "aws:ResourceTag");
export const asksForTag = (place: PolicyPlace): Conditions => whose(place, "aws:RequestTag");

/** By stack and project. What version 0.1 has made has no tag of a project: IAM lets `IfExists` pass without one. */
const whose = ({ project, stack }: PolicyPlace, key: string): Conditions => ({
  StringEquals: { [`${key}/${ROUTE_TAGS.stack}`]: stack },
  StringEqualsIfExists: { [`${key}/${ROUTE_TAGS.project}`]: project },
});
export const arn = ({ partition, region, accountId }: PolicyPlace, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
export const anywhere = (): readonly Grant[] => [{ resources: ["*"] }];

/** Of the groups that are named; in the ARN of a version its group is in small letters. */
export const modelPackages = (place: PolicyPlace): readonly Grant[] => {
  const groups = place.modelPackageGroups ?? [];
  const names = [...new Set(groups.flatMap((group) => [group, group.toLowerCase()]))];
  const resources = [
    ...groups.map((group) => arn(place, "sagemaker", `model-package-group/${group}`)),
    ...names.map((name) => arn(place, "sagemaker", `model-package/${name}/*`)),
  ];
  return resources.length === 0 ? [] : [{ resources }];
};

/** Of a place whose stack makes its own certificate and record; nothing of any other. */
export const ofHostName = (
  { hostedZoneId, hostName }: PolicyPlace,
  grants: (zone: string, name: string) => readonly Grant[],
): readonly Grant[] =>
  hostedZoneId === undefined || hostName === undefined ? [] : grants(hostedZoneId, hostName);

export const recordsOfHostName = (place: PolicyPlace): readonly Grant[] =>
  ofHostName(place, (zone, name) => [
    {
      resources: [`arn:${place.partition}:route53:::hostedzone/${zone}`],
      conditions: {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name, `_*.${name}`],
        },
      },
    },
  ]);

/** The listener's own ARN, or any listener of the load balancer that the stack makes. */
export function listeners(place: PolicyPlace): readonly string[] {
  return place.listenerArn === undefined
    ? namesAt(place).map((names) =>
        arn(place, "elasticloadbalancing", `listener/app/${names.loadBalancer}/*`),
      )
    : [place.listenerArn];
}

/** ELB: a rule's ARN is its listener's, with another word and one part more. */
export function rules(place: PolicyPlace): readonly string[] {
  const more = place.listenerArn === undefined ? "" : "/*";
  return listeners(place).map((listener) => `${listener.replace(":listener/", ":listener-rule/")}${more}`);
}

export const ownLoadBalancer = (place: PolicyPlace) =>
  place.listenerArn === undefined
    ? namesAt(place).map((names) =>
        arn(place, "elasticloadbalancing", `loadbalancer/app/${names.loadBalancer}/*`),
      )
    : [];

/** By name up to the hash of what forces a replacement. */
export function targetGroups(place: PolicyPlace): readonly string[] {
  return namesAt(place).flatMap((names) => {
    const named = SLOTS.flatMap((slot) =>
      (["production", "test", "cohort"] as const).map((use) => names.targetGroup(slot, use, [])),
    ).map((name) => `${name.slice(0, name.lastIndexOf("-"))}-*`);
    const unused = place.listenerArn === undefined ? [`${names.loadBalancer}-unused`] : [];
    return [...named, ...unused].map((name) => arn(place, "elasticloadbalancing", `targetgroup/${name}/*`));
  });
}

export const elbResources = (place: PolicyPlace) => [
  ...rules(place),
  ...(place.listenerArn === undefined ? listeners(place) : []),
  ...ownLoadBalancer(place),
  ...targetGroups(place),
];

const ofEach = (place: PolicyPlace, make: (names: Names) => readonly string[]) =>
  namesAt(place).flatMap(make);
const ofSlots = (place: PolicyPlace, make: (names: Names, slot: Slot) => string) =>
  ofEach(place, (names) => SLOTS.map((slot) => make(names, slot)));

export const services = (place: PolicyPlace) =>
  ofSlots(place, ({ cluster, services }, slot) => arn(place, "ecs", `service/${cluster}/${services[slot]}`));
export const taskDefinitions = (place: PolicyPlace) =>
  ofSlots(place, ({ services }, slot) => arn(place, "ecs", `task-definition/${services[slot]}:*`));
export const clusters = (place: PolicyPlace) =>
  ofEach(place, ({ cluster }) => [arn(place, "ecs", `cluster/${cluster}`)]);
export const dashboards = (place: PolicyPlace) =>
  ofEach(place, ({ dashboard }) => [
    `arn:${place.partition}:cloudwatch::${place.accountId}:dashboard/${dashboard}`,
  ]);
export const alarms = (place: PolicyPlace) =>
  ofEach(place, ({ cluster }) => [arn(place, "cloudwatch", `alarm:${cluster}-*`)]);
export const scalingAlarms = (place: PolicyPlace) =>
  ofSlots(place, ({ cluster, services }, slot) =>
    arn(place, "cloudwatch", `alarm:TargetTracking-service/${cluster}/${services[slot]}-*`),
  );
export const logGroups = (place: PolicyPlace) =>
  ofSlots(place, ({ logGroups }, slot) => arn(place, "logs", `log-group:${logGroups[slot]}`));
/** As IAM is asked for what reads the events of a group (CloudWatch Logs: its ARN ends in `:*`). */
export const taskLogGroups = (place: PolicyPlace) => logGroups(place).map((group) => `${group}:*`);
export const watchdogFunctions = (place: PolicyPlace) =>
  ofEach(place, ({ watchdog }) => [arn(place, "lambda", `function:${watchdog}`)]);
export const watchdogSchedules = (place: PolicyPlace) =>
  ofEach(place, ({ watchdog }) => [arn(place, "events", `rule/${watchdog}`)]);
export const watchdogLogGroups = (place: PolicyPlace) =>
  ofEach(place, ({ watchdogLogGroup }) => [arn(place, "logs", `log-group:${watchdogLogGroup}`)]);
export const roles = (place: PolicyPlace) => rolesOf(place, "*");
/** The watchdog's, which Pulumi names after the resource in the program. */
export const watchdogRoles = (place: PolicyPlace) => rolesOf(place, "watchdog-*");
const rolesOf = (place: PolicyPlace, name: string) =>
  ofEach(place, ({ rolePath }) => [`arn:${place.partition}:iam::${place.accountId}:role${rolePath}${name}`]);
export const ec2 = (place: PolicyPlace, kinds: readonly string[]) =>
  kinds.map((kind) => arn(place, "ec2", `${kind}/*`));

const OWN_NETWORK = ["vpc", "subnet", "internet-gateway", "route-table", "natgateway", "elastic-ip"];
export const MADE_IN_EC2 = [...OWN_NETWORK, "security-group"];
