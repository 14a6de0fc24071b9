import type { DeleteLoadBalancerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import { listenersOf } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { removeListener } from "../../../gateway/resources/listeners.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DeleteLoadBalancer",
  requires: onMember("LoadBalancerArn"),
  run(control, raw) {
    const { model, changed, doors } = control;
    const input = elbInput<DeleteLoadBalancerInput>("DeleteLoadBalancer", ["LoadBalancerArn"], raw);
    const record = model.loadBalancers.get(input.LoadBalancerArn ?? "");
    // ELB API: "If the load balancer does not exist or has already been deleted, the call succeeds."
    if (record === undefined) return {};
    if (record.attributes["deletion_protection.enabled"] === "true")
      throw new AwsError(
        "OperationNotPermitted",
        `Load balancer '${record.arn}' cannot be deleted because deletion protection is enabled`,
      );
    for (const listener of listenersOf(model, record.arn)) removeListener(control, listener);
    model.loadBalancers.delete(record.arn);
    model.tags.delete(record.arn);
    doors.shut(record.frontPort);
    changed();
    return {};
  },
});
