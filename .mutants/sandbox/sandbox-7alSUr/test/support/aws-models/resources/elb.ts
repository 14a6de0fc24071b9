import {
  attribute,
  block,
  blocks,
  mapped,
  OWN,
  tagList,
  type Resource,
  type ResourceCall,
  type Table,
} from "./table.ts";

// By the expand functions of terraform-provider-aws, internal/service/elbv2.
const SERVICE = "elasticloadbalancing";
const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:thing/app/name/0123456789abcdef";

const GROUP: Table = {
  name: "Name",
  port: "Port",
  protocol: "Protocol",
  protocolVersion: "ProtocolVersion",
  targetType: "TargetType",
  vpcId: "VpcId",
  healthCheck: block({
    enabled: "HealthCheckEnabled",
    path: "HealthCheckPath",
    port: "HealthCheckPort",
    protocol: "HealthCheckProtocol",
    matcher: "Matcher.HttpCode",
    interval: "HealthCheckIntervalSeconds",
    timeout: "HealthCheckTimeoutSeconds",
    healthyThreshold: "HealthyThresholdCount",
    unhealthyThreshold: "UnhealthyThresholdCount",
  }),
  deregistrationDelay: attribute("deregistration_delay.timeout_seconds"),
  loadBalancingAlgorithmType: attribute("load_balancing.algorithm.type"),
  slowStart: attribute("slow_start.duration_seconds"),
  stickiness: block({ enabled: attribute("stickiness.enabled"), type: attribute("stickiness.type") }),
  tags: tagList(),
};

const BALANCER: Table = {
  name: "Name",
  subnetIds: "Subnets",
  securityGroups: "SecurityGroups",
  ipAddressType: "IpAddressType",
  internal: (value) => ({ Scheme: value === true ? "internal" : "internet-facing" }),
  idleTimeout: attribute("idle_timeout.timeout_seconds"),
  dropInvalidHeaderFields: attribute("routing.http.drop_invalid_header_fields.enabled"),
  desyncMitigationMode: attribute("routing.http.desync_mitigation_mode"),
  enableHttp2: attribute("routing.http2.enabled"),
  enableDeletionProtection: attribute("deletion_protection.enabled"),
  tags: tagList(),
  // Of the component awsx.lb.ApplicationLoadBalancer: what it makes beside the load balancer.
  listeners: OWN,
  defaultTargetGroup: OWN,
};

const ACTION: Table = {
  type: "Type",
  targetGroupArn: "TargetGroupArn",
  forward: block(
    {
      targetGroups: blocks({ arn: "TargetGroupArn", weight: "Weight" }, "TargetGroups"),
      stickiness: block({ enabled: "Enabled", duration: "DurationSeconds" }, "TargetGroupStickinessConfig"),
    },
    "ForwardConfig",
  ),
  fixedResponse: block(
    { statusCode: "StatusCode", contentType: "ContentType", messageBody: "MessageBody" },
    "FixedResponseConfig",
  ),
  redirect: block({ protocol: "Protocol", port: "Port", statusCode: "StatusCode" }, "RedirectConfig"),
};

const condition = (Field: string, config: string, table: Table) => (value: unknown) => ({
  Field,
  [config]: mapped(value, table),
});
const VALUES: Table = { values: "Values" };

const CONDITION: Table = {
  hostHeader: condition("host-header", "HostHeaderConfig", VALUES),
  pathPattern: condition("path-pattern", "PathPatternConfig", VALUES),
  sourceIp: condition("source-ip", "SourceIpConfig", VALUES),
  httpHeader: condition("http-header", "HttpHeaderConfig", { ...VALUES, httpHeaderName: "HttpHeaderName" }),
};

const LISTENER: Table = {
  loadBalancerArn: "LoadBalancerArn",
  port: "Port",
  protocol: "Protocol",
  certificateArn: (CertificateArn) => ({ Certificates: [{ CertificateArn }] }),
  sslPolicy: "SslPolicy",
  defaultActions: blocks(ACTION, "DefaultActions"),
  tags: tagList(),
};

const RULE: Table = {
  listenerArn: "ListenerArn",
  priority: "Priority",
  conditions: blocks(CONDITION, "Conditions"),
  actions: blocks(ACTION, "Actions"),
  tags: tagList(),
};

/** A creation, and what cannot be said in it: the attributes. */
function withAttributes(
  operation: string,
  modify: string,
  arn: string,
  input: object,
): readonly ResourceCall[] {
  const { Attributes, ...created } = { Attributes: [], ...input };
  return [
    { service: SERVICE, operation, input: { ...created } },
    { service: SERVICE, operation: modify, input: { [arn]: ARN, Attributes } },
  ];
}

export const targetGroup = ({ inputs }: Resource): readonly ResourceCall[] =>
  withAttributes("CreateTargetGroup", "ModifyTargetGroupAttributes", "TargetGroupArn", mapped(inputs, GROUP));

/** awsx.lb.ApplicationLoadBalancer hands its inputs on to the load balancer, and makes a default target group. */
export function applicationLoadBalancer({ name, inputs }: Resource): readonly ResourceCall[] {
  const group = { name, inputs: mapped(inputs["defaultTargetGroup"], PASSED) };
  const Type = "application";
  return [
    ...withAttributes("CreateLoadBalancer", "ModifyLoadBalancerAttributes", "LoadBalancerArn", {
      Type,
      ...mapped(inputs, BALANCER),
    }),
    // Without attributes the provider makes no second call.
    ...targetGroup(group).slice(0, 1),
  ];
}

/** Properties as they are. */
const PASSED: Table = Object.fromEntries(Object.keys(GROUP).map((name) => [name, name]));

export const listener = ({ inputs }: Resource): readonly ResourceCall[] => [
  { service: SERVICE, operation: "CreateListener", input: mapped(inputs, LISTENER) },
];

export const listenerRule = ({ inputs }: Resource): readonly ResourceCall[] => {
  const input = mapped(inputs, RULE);
  return [
    { service: SERVICE, operation: "CreateRule", input },
    // Each update of the route: weights and stickiness.
    { service: SERVICE, operation: "ModifyRule", input: { RuleArn: ARN, Actions: input["Actions"] } },
  ];
};
