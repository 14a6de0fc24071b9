import type { DeregisterTargetsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { addressesOf } from "../../../gateway/resources/targets.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DeregisterTargets",
  requires: onMember("TargetGroupArn"),
  run({ model, targets }, raw) {
    const input = elbInput<DeregisterTargetsInput>("DeregisterTargets", ["TargetGroupArn", "Targets"], raw);
    const group = find(model, "targetGroups", input.TargetGroupArn);
    // The call answers at once; DescribeTargetHealth shows `draining` until the target is gone.
    for (const address of addressesOf(group, input.Targets)) void targets(group.arn).deregister(address);
    return {};
  },
});
