import {
  AddTagsCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ModifyRuleCommand,
  RemoveTagsCommand,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SharedCall } from "./two-clouds.ts";
import { arn, forward, gone, makeRule, Tags, weighted } from "./elb-words.ts";

/** Rules and their tags, with what is refused. */
export const RULE_CALLS: readonly SharedCall[] = [
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
];
