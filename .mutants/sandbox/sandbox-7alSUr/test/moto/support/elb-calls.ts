import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SharedCall } from "./two-clouds.ts";
import { arn, FIXED, gone, makeGroup, Tags } from "./elb-words.ts";
import { RULE_CALLS } from "./rule-calls.ts";

/** A load balancer's life, with what is refused on the way. */
export const ELB_CALLS: readonly SharedCall[] = [
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
  ...RULE_CALLS,
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
