import {
  loadBalancerName,
  logGroupName,
  serviceName,
  stackSlug,
  targetGroupName,
  watchdogLogGroupName,
  watchdogName,
} from "../names.ts";
import { ROUTE_TAGS } from "../route.ts";
import { SLOTS } from "../slot.ts";

/** Where a policy is to hold: one stack in one account and region, and what the user brought along. */
export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stack: string;
  /** `network.listenerArn`, when the stack shares a listener. */
  readonly listenerArn?: string | undefined;
  /** `network.vpcId`, when the stack stands in an existing VPC. */
  readonly vpcId?: string | undefined;
  /** `service.taskPolicyArns`: the only managed policies that may be attached to a task role. */
  readonly taskPolicyArns?: readonly string[] | undefined;
  /** `rollout.notifyTopicArn`. */
  readonly notifyTopicArn?: string | undefined;
  /** Bucket of Pulumi's state, and the KMS key of its secrets and of the bucket, when the state is in S3. */
  readonly stateBucket?: string | undefined;
  readonly stateKeyArn?: string | undefined;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Resources of a statement, and under which conditions. */
export interface Grant {
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/**
 * Path of the roles that the stack makes: their names end in random letters, so the path is what tells whose they
 * are. (IAM: a path begins and ends with /.)
 */
export function rolePath(stack: string): string {
  return `/${stackSlug(stack)}/`;
}

const STACK_TAG = ROUTE_TAGS.stack;

export const tagged = ({ stack }: Place): Conditions => ({
  StringEquals: { [`aws:ResourceTag/${STACK_TAG}`]: stack },
});
export const asksForTag = ({ stack }: Place): Conditions => ({
  StringEquals: { [`aws:RequestTag/${STACK_TAG}`]: stack },
});
export const arn = ({ partition, region, accountId }: Place, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
export const anywhere = (): readonly Grant[] => [{ resources: ["*"] }];

/** The listener's own ARN, or any listener of the load balancer that the stack makes. */
export function listeners(place: Place): string {
  return (
    place.listenerArn ?? arn(place, "elasticloadbalancing", `listener/app/${loadBalancerName(place.stack)}/*`)
  );
}

/** ELB: a rule's ARN is its listener's, with another word and one part more. */
export function rules(place: Place): string {
  return `${listeners(place).replace(":listener/", ":listener-rule/")}${place.listenerArn === undefined ? "" : "/*"}`;
}

export const ownLoadBalancer = (place: Place) =>
  place.listenerArn === undefined
    ? [arn(place, "elasticloadbalancing", `loadbalancer/app/${loadBalancerName(place.stack)}/*`)]
    : [];

/** By name up to the hash of what forces a replacement. */
export function targetGroups(place: Place): readonly string[] {
  const named = SLOTS.flatMap((slot) =>
    (["production", "test"] as const).map((use) => targetGroupName(place.stack, slot, use, [])),
  ).map((name) => `${name.slice(0, name.lastIndexOf("-"))}-*`);
  const unused = place.listenerArn === undefined ? [`${loadBalancerName(place.stack)}-unused`] : [];
  return [...named, ...unused].map((name) => arn(place, "elasticloadbalancing", `targetgroup/${name}/*`));
}

export const elbResources = (place: Place) => [
  rules(place),
  ...(place.listenerArn === undefined ? [listeners(place)] : []),
  ...ownLoadBalancer(place),
  ...targetGroups(place),
];

export const services = (place: Place) =>
  SLOTS.map((slot) =>
    arn(place, "ecs", `service/${stackSlug(place.stack)}/${serviceName(place.stack, slot)}`),
  );
export const taskDefinitions = (place: Place) =>
  SLOTS.map((slot) => arn(place, "ecs", `task-definition/${serviceName(place.stack, slot)}:*`));
export const cluster = (place: Place) => arn(place, "ecs", `cluster/${stackSlug(place.stack)}`);
export const alarms = (place: Place) => [arn(place, "cloudwatch", `alarm:${stackSlug(place.stack)}-*`)];
export const logGroups = (place: Place) =>
  SLOTS.map((slot) => arn(place, "logs", `log-group:${logGroupName(place.stack, slot)}`));
export const watchdogFunction = (place: Place) =>
  arn(place, "lambda", `function:${watchdogName(place.stack)}`);
export const watchdogSchedule = (place: Place) => arn(place, "events", `rule/${watchdogName(place.stack)}`);
export const watchdogLogGroup = (place: Place) =>
  arn(place, "logs", `log-group:${watchdogLogGroupName(place.stack)}`);
export const roles = ({ partition, accountId, stack }: Place) => [
  `arn:${partition}:iam::${accountId}:role${rolePath(stack)}*`,
];
/** The watchdog's, which Pulumi names after the resource in the program. */
export const watchdogRoles = ({ partition, accountId, stack }: Place) => [
  `arn:${partition}:iam::${accountId}:role${rolePath(stack)}watchdog-*`,
];
export const ec2 = (place: Place, kinds: readonly string[]) =>
  kinds.map((kind) => arn(place, "ec2", `${kind}/*`));

const OWN_NETWORK = ["vpc", "subnet", "internet-gateway", "route-table", "natgateway", "elastic-ip"];
export const MADE_IN_EC2 = [...OWN_NETWORK, "security-group"];
