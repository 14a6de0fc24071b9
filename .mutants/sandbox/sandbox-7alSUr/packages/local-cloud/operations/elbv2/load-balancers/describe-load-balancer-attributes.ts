import type { DescribeLoadBalancerAttributesInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { listAttributes } from "../../../gateway/resources/attributes.ts";
import { elbInput } from "../../../gateway/resources/input.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeLoadBalancerAttributes",
  rate: ELB_READING,
  run({ model }, raw) {
    const input = elbInput<DescribeLoadBalancerAttributesInput>(
      "DescribeLoadBalancerAttributes",
      ["LoadBalancerArn"],
      raw,
    );
    return {
      Attributes: listAttributes(find(model, "loadBalancers", input.LoadBalancerArn).attributes),
    };
  },
});
