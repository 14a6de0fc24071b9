import type { ModifyLoadBalancerAttributesInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import {
  listAttributes,
  LOAD_BALANCER_ATTRIBUTES,
  setAttributes,
} from "../../../gateway/resources/attributes.ts";
import { elbInput } from "../../../gateway/resources/input.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "ModifyLoadBalancerAttributes",
  requires: onMember("LoadBalancerArn"),
  run({ model, changed }, raw) {
    const input = elbInput<ModifyLoadBalancerAttributesInput>(
      "ModifyLoadBalancerAttributes",
      ["LoadBalancerArn", "Attributes"],
      raw,
    );
    const record = find(model, "loadBalancers", input.LoadBalancerArn);
    const attributes = setAttributes(LOAD_BALANCER_ATTRIBUTES, record.attributes, input.Attributes);
    model.loadBalancers.set(record.arn, { ...record, attributes });
    changed();
    return { Attributes: listAttributes(attributes) };
  },
});
