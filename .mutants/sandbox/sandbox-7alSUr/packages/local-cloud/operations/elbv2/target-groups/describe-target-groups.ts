import type { DescribeTargetGroupsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import { find, loadBalancersByGroup, notFound, type TargetGroupRecord } from "../../../gateway/model.ts";
import { elbInput, page } from "../../../gateway/resources/input.ts";
import { describeTargetGroups } from "../../../gateway/resources/target-groups.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeTargetGroups",
  rate: ELB_READING,
  run(control, raw) {
    const input = elbInput<DescribeTargetGroupsInput>(
      "DescribeTargetGroups",
      ["LoadBalancerArn", "TargetGroupArns", "Names", "Marker", "PageSize"],
      raw,
    );
    const { items, NextMarker } = page(selected(control, input), input);
    return { ...describeTargetGroups(control, items), NextMarker };
  },
});

function selected({ model }: ElbControl, input: DescribeTargetGroupsInput): TargetGroupRecord[] {
  const { TargetGroupArns: arns = [], Names: names = [], LoadBalancerArn: loadBalancerArn } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "targetGroups", arn));
  const all = [...model.targetGroups.values()];
  if (loadBalancerArn !== undefined) {
    find(model, "loadBalancers", loadBalancerArn);
    const byGroup = loadBalancersByGroup(model);
    return all.filter(({ arn }) => byGroup.get(arn) === loadBalancerArn);
  }
  if (names.length === 0) return all;
  return names.map((wanted) => {
    const record = all.find(({ name }) => name === wanted);
    if (record === undefined) throw notFound("targetGroups", wanted);
    return record;
  });
}
