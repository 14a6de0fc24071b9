import { page, Refused, type Handlers, type AccountThings } from "./account-things.ts";

/** Elastic Load Balancing, as it is believed to be. */
export function scriptedElb(account: AccountThings): Handlers {
  const rules = new Map<string, unknown>();
  const marks = new Map<string, unknown>();
  const attributes = new Map<string, string>();
  const arnOf = (kind: string, name: unknown) =>
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:${kind}/${String(name)}/${account.next()}`;
  return {
    "elb CreateLoadBalancer": ({ Name, Scheme, IpAddressType, Tags }) => {
      if (Scheme === "internal" && IpAddressType === "dualstack")
        throw new Refused("InvalidConfigurationRequest", "Internal load balancers must use ipv4");
      const LoadBalancerArn = account.add("loadBalancer", arnOf("loadbalancer/app", Name), Tags);
      return { LoadBalancers: [{ LoadBalancerArn, DNSName: "lb.example" }] };
    },
    "elb CreateTargetGroup": ({ Name, Tags }) => ({
      TargetGroups: [{ TargetGroupArn: account.add("targetGroup", arnOf("targetgroup", Name), Tags) }],
    }),
    "elb ModifyTargetGroupAttributes": ({ TargetGroupArn, Attributes }) => {
      for (const { Key, Value } of Attributes as readonly { Key: string; Value: string }[])
        attributes.set(`${String(TargetGroupArn)} ${Key}`, Value);
      return {};
    },
    "elb DescribeTargetGroupAttributes": ({ TargetGroupArn }) => ({
      Attributes: [...attributes].flatMap(([key, Value]) => {
        const [arn, Key] = key.split(" ");
        return arn === TargetGroupArn ? [{ Key, Value }] : [];
      }),
    }),
    "elb CreateListener": ({ LoadBalancerArn, Tags }) => ({
      Listeners: [
        { ListenerArn: account.add("listener", arnOf("listener/app", ""), Tags, String(LoadBalancerArn)) },
      ],
    }),
    "elb ModifyListener": ({ ListenerArn, DefaultActions }) => ({
      Listeners: [{ ListenerArn, DefaultActions }],
    }),
    "elb CreateRule": ({ Actions }) => {
      const RuleArn = arnOf("listener-rule/app", "");
      rules.set(RuleArn, Actions);
      return { Rules: [{ RuleArn, Actions }] };
    },
    "elb ModifyRule": ({ RuleArn, Actions }) => {
      rules.set(String(RuleArn), Actions);
      return {};
    },
    "elb DescribeRules": ({ RuleArns }) => ({
      Rules: (RuleArns as readonly string[]).map((arn) => ({ RuleArn: arn, Actions: rules.get(arn) })),
    }),
    "elb DescribeTargetHealth": () => ({
      TargetHealthDescriptions: [{ TargetHealth: { State: "healthy" } }],
    }),
    "elb DescribeLoadBalancers": ({ Marker }) => {
      const { items, next } = page(account.ids("loadBalancer"), Marker);
      return { LoadBalancers: items.map((LoadBalancerArn) => ({ LoadBalancerArn })), NextMarker: next };
    },
    "elb DescribeTargetGroups": ({ Marker }) => {
      const { items, next } = page(account.ids("targetGroup"), Marker);
      return { TargetGroups: items.map((TargetGroupArn) => ({ TargetGroupArn })), NextMarker: next };
    },
    "elb AddTags": ({ ResourceArns, Tags }) => {
      for (const arn of ResourceArns as readonly string[]) marks.set(arn, Tags);
      return {};
    },
    "elb DescribeTags": ({ ResourceArns }) => ({
      TagDescriptions: (ResourceArns as readonly string[]).map((ResourceArn) => ({
        ResourceArn,
        Tags:
          marks.get(ResourceArn) ??
          Object.entries(account.standing.get(ResourceArn)?.tags ?? {}).map(([Key, Value]) => ({
            Key,
            Value,
          })),
      })),
    }),
    "elb DeleteLoadBalancer": ({ LoadBalancerArn }) => {
      for (const listener of account.ids("listener", String(LoadBalancerArn)))
        account.remove(listener, "ListenerNotFound");
      account.remove(String(LoadBalancerArn), "LoadBalancerNotFound");
      return {};
    },
    "elb DeleteTargetGroup": ({ TargetGroupArn }) => {
      // ELB: a group that a rule of a load balancer forwards to is in use.
      if (account.ids("listener").length > 0) throw new Refused("ResourceInUse");
      account.remove(String(TargetGroupArn), "TargetGroupNotFound");
      return {};
    },
  };
}
