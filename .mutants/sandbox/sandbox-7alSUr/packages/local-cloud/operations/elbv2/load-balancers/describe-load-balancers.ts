import type { DescribeLoadBalancersInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import { find, type LoadBalancerRecord, notFound } from "../../../gateway/model.ts";
import { elbInput, page } from "../../../gateway/resources/input.ts";
import { describeLoadBalancers } from "../../../gateway/resources/load-balancers.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeLoadBalancers",
  rate: ELB_READING,
  run(control, raw) {
    const input = elbInput<DescribeLoadBalancersInput>(
      "DescribeLoadBalancers",
      ["LoadBalancerArns", "Names", "Marker", "PageSize"],
      raw,
    );
    const { items, NextMarker } = page(selected(control, input), input);
    return { ...describeLoadBalancers(items), NextMarker };
  },
});

function selected({ model }: ElbControl, input: DescribeLoadBalancersInput): LoadBalancerRecord[] {
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "loadBalancers", arn));
  const all = [...model.loadBalancers.values()];
  if (names.length === 0) return all;
  return names.map((wanted) => {
    const record = all.find(({ name }) => name === wanted);
    if (record === undefined) throw notFound("loadBalancers", wanted);
    return record;
  });
}
