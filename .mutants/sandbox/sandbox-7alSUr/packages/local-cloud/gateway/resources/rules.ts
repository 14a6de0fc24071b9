import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import { find } from "../model.ts";
import type { Model, RuleRecord } from "../model.ts";
import { describeAction } from "./actions.ts";
import { describeCondition } from "./conditions.ts";
import { integerIn } from "./input.ts";

/** ELB API: 1 to 50,000. */
export function priorityFrom(priority: number | undefined): number {
  return integerIn("Rule priority", priority, 1, 50_000);
}

export function refusePriorityInUse(rules: readonly RuleRecord[], wanted: readonly number[]): void {
  const taken = new Set(rules.map(({ priority }) => priority));
  for (const priority of wanted) {
    if (taken.has(priority))
      throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
    taken.add(priority);
  }
}

/** The rule, which is not a default one. @param what the refusal of a default rule says: it cannot be … */
export function changeable(model: Model, arn: string | undefined, what: string): RuleRecord {
  const rule = find(model, "rules", arn);
  if (rule.priority === "default")
    throw new AwsError("OperationNotPermitted", `Default rule '${rule.arn}' cannot be ${what}`);
  return rule;
}

/** Rules as the API shows them. */
export function describeRules(rules: readonly RuleRecord[]): { Rules: Rule[] } {
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
