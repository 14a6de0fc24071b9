import type { DescribeRulesInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find, type Model, type RuleRecord, rulesOf } from "../../../gateway/model.ts";
import { elbInput, page, validationError } from "../../../gateway/resources/input.ts";
import { describeRules } from "../../../gateway/resources/rules.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeRules",
  rate: ELB_READING,
  run({ model }, raw) {
    const input = elbInput<DescribeRulesInput>(
      "DescribeRules",
      ["ListenerArn", "RuleArns", "Marker", "PageSize"],
      raw,
    );
    const { items, NextMarker } = page(selected(model, input), input);
    return { ...describeRules(items), NextMarker };
  },
});

function selected(model: Model, input: DescribeRulesInput): RuleRecord[] {
  const { RuleArns: arns = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "rules", arn));
  if (input.ListenerArn === undefined)
    throw validationError("You must specify either listener rule ARNs or a listener ARN");
  return rulesOf(model, find(model, "listeners", input.ListenerArn).arn);
}
