import type { ModifyRuleInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find, type RuleRecord } from "../../../gateway/model.ts";
import { actionFrom } from "../../../gateway/resources/actions.ts";
import { conditionsFrom } from "../../../gateway/resources/conditions.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { changeable, describeRules } from "../../../gateway/resources/rules.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "ModifyRule",
  requires: onMember("RuleArn"),
  run({ model, changed }, raw) {
    const input = elbInput<ModifyRuleInput>("ModifyRule", ["RuleArn", "Conditions", "Actions"], raw);
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
    return describeRules([next]);
  },
});
