import type {
  CreateRuleInput,
  DeleteRuleInput,
  DescribeRulesInput,
  ModifyRuleInput,
  Rule,
  SetRulePrioritiesInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { find, rulesOf } from "../model.ts";
import type { Model, RuleRecord } from "../model.ts";
import { actionFrom, describeAction } from "./actions.ts";
import { conditionsFrom, describeCondition } from "./conditions.ts";
import type { Control } from "./control.ts";
import { integerIn, operation, page, validationError } from "./input.ts";
import { addTags } from "./tags.ts";

export function ruleOperations({ model, changed, arns }: Control): Operations {
  return {
    CreateRule: operation<CreateRuleInput>(
      "CreateRule",
      ["ListenerArn", "Conditions", "Priority", "Actions", "Tags"],
      (input) => {
        const listener = find(model, "listeners", input.ListenerArn);
        const priority = priorityFrom(input.Priority);
        refusePriorityInUse(rulesOf(model, listener.arn), [priority]);
        const tags = addTags({}, input.Tags);
        const rule: RuleRecord = {
          arn: arns.rule(listener.arn),
          listenerArn: listener.arn,
          priority,
          conditions: conditionsFrom(input.Conditions),
          action: actionFrom(model, listener.loadBalancerArn, input.Actions),
        };
        model.rules.set(rule.arn, rule);
        model.tags.set(rule.arn, tags);
        changed();
        return describe([rule]);
      },
    ),
    ModifyRule: operation<ModifyRuleInput>("ModifyRule", ["RuleArn", "Conditions", "Actions"], (input) => {
      const rule = changeable(model, input.RuleArn, "modified");
      const listener = find(model, "listeners", rule.listenerArn);
      const next: RuleRecord = {
        ...rule,
        conditions: input.Conditions === undefined ? rule.conditions : conditionsFrom(input.Conditions),
        action:
          input.Actions === undefined
            ? rule.action
            : actionFrom(model, listener.loadBalancerArn, input.Actions),
      };
      model.rules.set(rule.arn, next);
      changed();
      return describe([next]);
    }),
    DescribeRules: operation<DescribeRulesInput>(
      "DescribeRules",
      ["ListenerArn", "RuleArns", "Marker", "PageSize"],
      (input) => {
        const { items, NextMarker } = page(selected(model, input), input);
        return { ...describe(items), NextMarker };
      },
    ),
    DeleteRule: operation<DeleteRuleInput>("DeleteRule", ["RuleArn"], (input) => {
      const rule = changeable(model, input.RuleArn, "deleted");
      model.rules.delete(rule.arn);
      model.tags.delete(rule.arn);
      changed();
      return {};
    }),
    SetRulePriorities: operation<SetRulePrioritiesInput>("SetRulePriorities", ["RulePriorities"], (input) => {
      const next = (input.RulePriorities ?? []).map(({ RuleArn, Priority }) => ({
        ...changeable(model, RuleArn, "given a priority"),
        priority: priorityFrom(Priority),
      }));
      const moved = new Set(next.map(({ arn }) => arn));
      for (const listenerArn of new Set(next.map((rule) => rule.listenerArn))) {
        refusePriorityInUse(
          rulesOf(model, listenerArn).filter(({ arn }) => !moved.has(arn)),
          next.filter((rule) => rule.listenerArn === listenerArn).map(({ priority }) => priority),
        );
      }
      for (const rule of next) model.rules.set(rule.arn, rule);
      changed();
      return describe(next);
    }),
  };
}

function priorityFrom(priority: number | undefined): number {
  return integerIn("Rule priority", priority, 1, 50_000);
}

function refusePriorityInUse(rules: readonly RuleRecord[], wanted: readonly number[]): void {
  const taken = new Set(rules.map(({ priority }) => priority));
  for (const priority of wanted) {
    if (taken.has(priority))
      throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
    taken.add(priority);
  }
}

function changeable(model: Model, arn: string | undefined, what: string): RuleRecord {
  const rule = find(model, "rules", arn);
  if (rule.priority === "default")
    throw new AwsError("OperationNotPermitted", `Default rule '${rule.arn}' cannot be ${what}`);
  return rule;
}

function selected(model: Model, input: DescribeRulesInput): RuleRecord[] {
  const { RuleArns: arns = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "rules", arn));
  if (input.ListenerArn === undefined)
    throw validationError("You must specify either listener rule ARNs or a listener ARN");
  return rulesOf(model, find(model, "listeners", input.ListenerArn).arn);
}

function describe(rules: readonly RuleRecord[]): { Rules: Rule[] } {
  return {
    Rules: rules.map((rule) => ({
      RuleArn: rule.arn,
      Priority: String(rule.priority),
      Conditions: rule.conditions.map(describeCondition),
      Actions: [describeAction(rule.action)],
      IsDefault: rule.priority === "default",
    })),
  };
}
