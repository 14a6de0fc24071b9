import type { SetRulePrioritiesInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Requires, text } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { rulesOf } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import {
  changeable,
  describeRules,
  priorityFrom,
  refusePriorityInUse,
} from "../../../gateway/resources/rules.ts";
import { isRecord } from "../../../is-record.ts";

const onRules: Requires = ({ action, input }) =>
  (Array.isArray(input["RulePriorities"]) ? input["RulePriorities"] : [])
    .filter(isRecord)
    .map((each) => ({ action, resource: text(each["RuleArn"]), context: {} }));

export default defineOperation({
  service: "elasticloadbalancing",
  name: "SetRulePriorities",
  requires: onRules,
  run({ model, changed }, raw) {
    const input = elbInput<SetRulePrioritiesInput>("SetRulePriorities", ["RulePriorities"], raw);
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
    return describeRules(next);
  },
});
