import type { DescribeListenersInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find, type ListenerRecord, listenersOf, type Model } from "../../../gateway/model.ts";
import { elbInput, page, validationError } from "../../../gateway/resources/input.ts";
import { describeListeners } from "../../../gateway/resources/listeners.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeListeners",
  rate: ELB_READING,
  run({ model }, raw) {
    const input = elbInput<DescribeListenersInput>(
      "DescribeListeners",
      ["LoadBalancerArn", "ListenerArns", "Marker", "PageSize"],
      raw,
    );
    const { items, NextMarker } = page(selected(model, input), input);
    return { ...describeListeners(model, items), NextMarker };
  },
});

function selected(model: Model, input: DescribeListenersInput): ListenerRecord[] {
  const { ListenerArns: arns = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "listeners", arn));
  if (input.LoadBalancerArn === undefined)
    throw validationError("You must specify either listener ARNs or a load balancer ARN");
  return listenersOf(model, find(model, "loadBalancers", input.LoadBalancerArn).arn);
}
