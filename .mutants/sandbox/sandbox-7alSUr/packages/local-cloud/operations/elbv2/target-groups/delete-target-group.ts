import type { DeleteTargetGroupInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import { loadBalancersByGroup } from "../../../gateway/model.ts";
import { elbInput, requireText } from "../../../gateway/resources/input.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DeleteTargetGroup",
  requires: onMember("TargetGroupArn"),
  run({ model, changed }, raw) {
    const input = elbInput<DeleteTargetGroupInput>("DeleteTargetGroup", ["TargetGroupArn"], raw);
    const arn = requireText("TargetGroupArn", input.TargetGroupArn);
    if (loadBalancersByGroup(model).has(arn))
      throw new AwsError(
        "ResourceInUse",
        `Target group '${arn}' is currently in use by a listener or a rule`,
      );
    model.targetGroups.delete(arn);
    model.tags.delete(arn);
    changed();
    return {};
  },
});
