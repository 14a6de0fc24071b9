import { type Described, type PolicyRule, stackOf } from "./rule.ts";
import { bag, text } from "./values.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const RULE = "aws:lb/listenerRule:ListenerRule";

export const entranceRules: readonly PolicyRule[] = [
  {
    name: "tls-policy-explicit",
    description:
      "An HTTPS listener names a policy with TLS 1.3: without one ELB takes ELBSecurityPolicy-2016-08, which still speaks TLS 1.0.",
    each: ({ type, props }) => {
      if (type !== LISTENER || !["HTTPS", "TLS"].includes(text(props["protocol"]))) return [];
      const policy = text(props["sslPolicy"]);
      return policy.includes("TLS13")
        ? []
        : [`has the TLS policy ${policy || "of ELB's default"}, must be one with TLS 1.3`];
    },
  },
  {
    name: "invalid-headers-dropped",
    description: "The load balancer drops headers that are not valid; ELB's default keeps them.",
    each: ({ type, props }) =>
      type === BALANCER && props["dropInvalidHeaderFields"] !== true ? ["keeps invalid headers"] : [],
  },
  {
    name: "no-sticky-groups",
    description:
      "Target groups have no stickiness of their own: it would pin users to a slot beyond the reach of the weights.",
    each: ({ type, props }) =>
      type === GROUP && bag(props["stickiness"])["enabled"] === true ? ["has stickiness of its own"] : [],
  },
  {
    name: "entrance-protected",
    description:
      "Outside stacks that may be thrown away, load balancer, listeners, route and target groups are protected by Pulumi, and the load balancer by AWS, too.",
    each: (resource, { throwawayStacks }) =>
      throwawayStacks.includes(stackOf(resource.urn)) ? [] : protectionProblems(resource),
  },
];

function protectionProblems({ type, protect, props, name }: Described): readonly string[] {
  const isTestRule = type === RULE && name.endsWith("-test");
  if (![BALANCER, LISTENER, GROUP, RULE].includes(type) || isTestRule || isUnused(type, props)) return [];
  return [
    ...(protect ? [] : ["is not protected"]),
    ...(type === BALANCER && props["enableDeletionProtection"] !== true
      ? ["has no deletion protection"]
      : []),
  ];
}

/** awsx makes a default target group with every load balancer; nothing forwards to this one. */
const isUnused = (type: string, props: Described["props"]) =>
  type === GROUP && text(props["name"]).endsWith("-unused");
