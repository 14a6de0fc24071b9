import type { CreateRuleInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { creatingUnder } from "../../../access/requires-elb.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find, type RuleRecord, rulesOf } from "../../../gateway/model.ts";
import { actionFrom } from "../../../gateway/resources/actions.ts";
import { conditionsFrom } from "../../../gateway/resources/conditions.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { describeRules, priorityFrom, refusePriorityInUse } from "../../../gateway/resources/rules.ts";
import { addTags } from "../../../gateway/resources/tags.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "CreateRule",
  requires: creatingUnder("ListenerArn", "listener", "listener-rule"),
  run({ model, changed, arns }, raw) {
    const input = elbInput<CreateRuleInput>(
      "CreateRule",
      ["ListenerArn", "Conditions", "Priority", "Actions", "Tags"],
      raw,
    );
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
    return describeRules([rule]);
  },
});
