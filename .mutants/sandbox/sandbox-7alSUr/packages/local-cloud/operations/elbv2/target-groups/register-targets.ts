import type { RegisterTargetsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { elbInput, validationError } from "../../../gateway/resources/input.ts";
import { addressesOf } from "../../../gateway/resources/targets.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "RegisterTargets",
  requires: onMember("TargetGroupArn"),
  run({ model, targets }, raw) {
    const input = elbInput<RegisterTargetsInput>("RegisterTargets", ["TargetGroupArn", "Targets"], raw);
    const group = find(model, "targetGroups", input.TargetGroupArn);
    const addresses = addressesOf(group, input.Targets);
    if (addresses.length === 0) throw validationError("At least one target must be specified");
    for (const address of addresses) targets(group.arn).register(address);
    return {};
  },
});
