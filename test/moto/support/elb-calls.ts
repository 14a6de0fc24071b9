import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  SetRulePrioritiesCommand,
  type Action,
  type CreateRuleCommandInput,
  type CreateTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Side, Step } from "./beside.ts";

const arn = ({ arns }: Side, name: string) => arns.get(name) ?? `no-${name}`;
const gone = (side: Side, name: string) => `${arn(side, name).slice(0, -4)}0000`;
const Tags = [{ Key: "deploy:stack", Value: "prod" }];
const FIXED: Action = {
  Type: "fixed-response",
  FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "no" },
};
const forward = (side: Side, blue = 90, green = 10): Action => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: arn(side, "blue"), Weight: blue },
      { TargetGroupArn: arn(side, "green"), Weight: green },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
  },
});

const makeGroup =
  (name: string, more: Partial<CreateTargetGroupCommandInput> = {}) =>
  async (side: Side) => {
    const made = await side.elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: "HTTP",
        Port: 8080,
        VpcId: side.vpcId,
        TargetType: "ip",
        HealthCheckPath: "/healthz",
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        Matcher: { HttpCode: "200" },
        Tags,
        ...more,
      }),
    );
    side.arns.set(name, made.TargetGroups?.[0]?.TargetGroupArn ?? "");
    return made;
  };

const makeRule =
  (Priority: number, more: (side: Side) => Partial<CreateRuleCommandInput> = () => ({})) =>
  async (side: Side) => {
    const made = await side.elb.send(
      new CreateRuleCommand({
        ListenerArn: arn(side, "listener"),
        Priority,
        Conditions: [
          { Field: "path-pattern", PathPatternConfig: { Values: ["/v1/*"] } },
          { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-slot", Values: ["blue"] } },
        ],
        Actions: [forward(side)],
        Tags,
        ...more(side),
      }),
    );
    side.arns.set(`rule-${Priority}`, made.Rules?.[0]?.RuleArn ?? "");
    return made;
  };
const weighted = (blue: number, green: number) => (side: Side) => ({ Actions: [forward(side, blue, green)] });

/** A load balancer's life, with what is refused on the way. */
export const ELB_CALLS: readonly Step[] = [
  {
    name: "CreateLoadBalancer",
    call: async (side) => {
      const made = await side.elb.send(
        new CreateLoadBalancerCommand({
          Name: "models",
          Subnets: [...side.subnets],
          SecurityGroups: [side.securityGroup],
          Scheme: "internet-facing",
          Type: "application",
          Tags,
        }),
      );
      side.arns.set("balancer", made.LoadBalancers?.[0]?.LoadBalancerArn ?? "");
      return made;
    },
  },
  {
    name: "DescribeLoadBalancers",
    call: (side) => side.elb.send(new DescribeLoadBalancersCommand({ Names: ["models"] })),
  },
  {
    name: "DescribeLoadBalancers, unknown name",
    call: (side) => side.elb.send(new DescribeLoadBalancersCommand({ Names: ["nobody"] })),
  },
  {
    name: "DescribeLoadBalancers, unknown ARN",
    call: (side) =>
      side.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [gone(side, "balancer")] })),
  },
  {
    name: "ModifyLoadBalancerAttributes",
    call: (side) =>
      side.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: arn(side, "balancer"),
          Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "60" }],
        }),
      ),
  },
  {
    name: "DescribeLoadBalancerAttributes",
    call: (side) =>
      side.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn(side, "balancer") })),
  },
  { name: "CreateTargetGroup", call: makeGroup("blue") },
  { name: "CreateTargetGroup, another", call: makeGroup("green") },
  { name: "CreateTargetGroup, same name and other settings", call: makeGroup("blue", { Port: 9090 }) },
  { name: "CreateTargetGroup, name of 33", call: makeGroup("x".repeat(33)) },
  { name: "CreateTargetGroup, name with an underscore", call: makeGroup("a_b") },
  { name: "CreateTargetGroup, port 0", call: makeGroup("port", { Port: 0 }) },
  {
    name: "CreateTargetGroup, timeout over interval",
    call: makeGroup("slow", { HealthCheckTimeoutSeconds: 20 }),
  },
  {
    name: "DescribeTargetGroups",
    call: (side) => side.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn(side, "blue")] })),
  },
  {
    name: "DescribeTargetGroups, unknown name",
    call: (side) => side.elb.send(new DescribeTargetGroupsCommand({ Names: ["nobody"] })),
  },
  {
    name: "DescribeTargetGroups, unknown ARN",
    call: (side) => side.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [gone(side, "blue")] })),
  },
  {
    name: "ModifyTargetGroup",
    call: (side) =>
      side.elb.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: arn(side, "blue"), HealthCheckIntervalSeconds: 15 }),
      ),
  },
  {
    name: "ModifyTargetGroupAttributes",
    call: (side) =>
      side.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: arn(side, "blue"),
          Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
        }),
      ),
  },
  {
    name: "ModifyTargetGroupAttributes, delay of two hours",
    call: (side) =>
      side.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: arn(side, "blue"),
          Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "7200" }],
        }),
      ),
  },
  {
    name: "DescribeTargetGroupAttributes",
    call: (side) =>
      side.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn(side, "blue") })),
  },
  {
    name: "DescribeTargetGroupAttributes, unknown group",
    call: (side) =>
      side.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: gone(side, "blue") })),
  },
  {
    name: "CreateListener",
    call: async (side) => {
      const made = await side.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: arn(side, "balancer"),
          Protocol: "HTTP",
          Port: 80,
          DefaultActions: [FIXED],
          Tags,
        }),
      );
      side.arns.set("listener", made.Listeners?.[0]?.ListenerArn ?? "");
      return made;
    },
  },
  {
    name: "CreateListener, port in use",
    call: (side) =>
      side.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: arn(side, "balancer"),
          Protocol: "HTTP",
          Port: 80,
          DefaultActions: [FIXED],
        }),
      ),
  },
  {
    name: "CreateListener, unknown load balancer",
    call: (side) =>
      side.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: gone(side, "balancer"),
          Protocol: "HTTP",
          Port: 81,
          DefaultActions: [FIXED],
        }),
      ),
  },
  {
    name: "DescribeListeners",
    call: (side) => side.elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn(side, "balancer") })),
  },
  {
    name: "DescribeListeners, unknown",
    call: (side) => side.elb.send(new DescribeListenersCommand({ ListenerArns: [gone(side, "listener")] })),
  },
  {
    name: "ModifyListener",
    call: (side) =>
      side.elb.send(
        new ModifyListenerCommand({ ListenerArn: arn(side, "listener"), DefaultActions: [FIXED] }),
      ),
  },
  { name: "CreateRule", call: makeRule(100) },
  { name: "CreateRule, another", call: makeRule(101, weighted(100, 0)) },
  { name: "CreateRule, priority in use", call: makeRule(100) },
  { name: "CreateRule, priority 0", call: makeRule(0) },
  { name: "CreateRule, weight of 1000", call: makeRule(102, weighted(1000, 0)) },
  { name: "CreateRule, weight below 0", call: makeRule(103, weighted(100, -1)) },
  {
    name: "CreateRule, unknown group",
    call: makeRule(104, (side) => ({
      Actions: [{ Type: "forward", TargetGroupArn: gone(side, "blue") }],
    })),
  },
  {
    name: "CreateRule, unknown listener",
    call: makeRule(105, (side) => ({ ListenerArn: gone(side, "listener") })),
  },
  { name: "CreateRule, no conditions", call: makeRule(106, () => ({ Conditions: [] })) },
  {
    name: "CreateRule, six values",
    call: makeRule(107, () => ({
      Conditions: [{ Field: "path-pattern", Values: ["/1", "/2", "/3", "/4", "/5", "/6"] }],
    })),
  },
  {
    name: "DescribeRules",
    call: (side) => side.elb.send(new DescribeRulesCommand({ RuleArns: [arn(side, "rule-100")] })),
  },
  {
    name: "DescribeRules, of a listener",
    call: (side) => side.elb.send(new DescribeRulesCommand({ ListenerArn: arn(side, "listener") })),
  },
  {
    name: "DescribeRules, unknown rule",
    call: (side) => side.elb.send(new DescribeRulesCommand({ RuleArns: [gone(side, "rule-100")] })),
  },
  {
    name: "DescribeRules, unknown listener",
    call: (side) => side.elb.send(new DescribeRulesCommand({ ListenerArn: gone(side, "listener") })),
  },
  {
    name: "ModifyRule",
    call: (side) =>
      side.elb.send(
        new ModifyRuleCommand({ RuleArn: arn(side, "rule-100"), Actions: [forward(side, 100, 0)] }),
      ),
  },
  {
    name: "ModifyRule, unknown rule",
    call: (side) =>
      side.elb.send(new ModifyRuleCommand({ RuleArn: gone(side, "rule-100"), Actions: [forward(side)] })),
  },
  {
    name: "ModifyRule, unknown group",
    call: (side) =>
      side.elb.send(
        new ModifyRuleCommand({
          RuleArn: arn(side, "rule-100"),
          Actions: [{ Type: "forward", TargetGroupArn: gone(side, "blue") }],
        }),
      ),
  },
  {
    name: "SetRulePriorities",
    call: (side) =>
      side.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: [{ RuleArn: arn(side, "rule-101"), Priority: 110 }],
        }),
      ),
  },
  {
    name: "SetRulePriorities, in use",
    call: (side) =>
      side.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: [{ RuleArn: arn(side, "rule-101"), Priority: 100 }],
        }),
      ),
  },
  {
    name: "AddTags",
    call: (side) =>
      side.elb.send(
        new AddTagsCommand({
          ResourceArns: [arn(side, "rule-100")],
          Tags: [{ Key: "deploy:watchdog", Value: "v2-g3 2026-01-01T00:00:00.000Z why" }],
        }),
      ),
  },
  {
    name: "AddTags, unknown rule",
    call: (side) => side.elb.send(new AddTagsCommand({ ResourceArns: [gone(side, "rule-100")], Tags })),
  },
  {
    name: "AddTags, unknown group",
    call: (side) => side.elb.send(new AddTagsCommand({ ResourceArns: [gone(side, "blue")], Tags })),
  },
  {
    name: "AddTags, unknown load balancer",
    call: (side) => side.elb.send(new AddTagsCommand({ ResourceArns: [gone(side, "balancer")], Tags })),
  },
  {
    name: "DescribeTags",
    call: (side) =>
      side.elb.send(new DescribeTagsCommand({ ResourceArns: [arn(side, "rule-100"), arn(side, "blue")] })),
  },
  {
    name: "DescribeTags, unknown rule",
    call: (side) => side.elb.send(new DescribeTagsCommand({ ResourceArns: [gone(side, "rule-100")] })),
  },
  {
    name: "RemoveTags",
    call: (side) =>
      side.elb.send(
        new RemoveTagsCommand({ ResourceArns: [arn(side, "rule-100")], TagKeys: ["deploy:watchdog"] }),
      ),
  },
  {
    name: "RegisterTargets",
    call: (side) =>
      side.elb.send(
        new RegisterTargetsCommand({
          TargetGroupArn: arn(side, "blue"),
          Targets: [{ Id: "127.0.0.1", Port: 9 }],
        }),
      ),
  },
  {
    name: "RegisterTargets, unknown group",
    call: (side) =>
      side.elb.send(
        new RegisterTargetsCommand({ TargetGroupArn: gone(side, "blue"), Targets: [{ Id: "127.0.0.1" }] }),
      ),
  },
  {
    name: "DescribeTargetHealth",
    call: (side) => side.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn(side, "blue") })),
  },
  {
    name: "DescribeTargetHealth, unknown group",
    call: (side) => side.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: gone(side, "blue") })),
  },
  {
    name: "DeregisterTargets",
    call: (side) =>
      side.elb.send(
        new DeregisterTargetsCommand({
          TargetGroupArn: arn(side, "blue"),
          Targets: [{ Id: "127.0.0.1", Port: 9 }],
        }),
      ),
  },
  {
    name: "DeleteTargetGroup, in use",
    call: (side) => side.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn(side, "blue") })),
  },
  {
    name: "DeleteRule",
    call: (side) => side.elb.send(new DeleteRuleCommand({ RuleArn: arn(side, "rule-101") })),
  },
  {
    name: "DeleteRule, gone",
    call: (side) => side.elb.send(new DeleteRuleCommand({ RuleArn: arn(side, "rule-101") })),
  },
  {
    name: "DeleteListener",
    call: (side) => side.elb.send(new DeleteListenerCommand({ ListenerArn: arn(side, "listener") })),
  },
  {
    name: "DeleteListener, gone",
    call: (side) => side.elb.send(new DeleteListenerCommand({ ListenerArn: arn(side, "listener") })),
  },
  {
    name: "DeleteTargetGroup",
    call: (side) => side.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn(side, "blue") })),
  },
  {
    name: "DeleteTargetGroup, gone",
    call: (side) => side.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn(side, "blue") })),
  },
  {
    name: "DeleteLoadBalancer",
    call: (side) => side.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn(side, "balancer") })),
  },
  {
    name: "DeleteLoadBalancer, gone",
    call: (side) => side.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn(side, "balancer") })),
  },
];
