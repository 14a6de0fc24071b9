import type { DeleteRuleInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { changeable } from "../../../gateway/resources/rules.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DeleteRule",
  requires: onMember("RuleArn"),
  run({ model, changed }, raw) {
    const input = elbInput<DeleteRuleInput>("DeleteRule", ["RuleArn"], raw);
    const rule = changeable(model, input.RuleArn, "deleted");
    model.rules.delete(rule.arn);
    model.tags.delete(rule.arn);
    changed();
    return {};
  },
});
