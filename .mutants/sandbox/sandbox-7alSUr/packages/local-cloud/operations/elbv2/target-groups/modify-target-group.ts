import type { ModifyTargetGroupInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { HEALTH_CHECK_MEMBERS, healthCheckFrom } from "../../../gateway/resources/health-check-settings.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { describeTargetGroups } from "../../../gateway/resources/target-groups.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "ModifyTargetGroup",
  requires: onMember("TargetGroupArn"),
  run(control, raw) {
    const { model, changed } = control;
    const input = elbInput<ModifyTargetGroupInput>(
      "ModifyTargetGroup",
      ["TargetGroupArn", ...HEALTH_CHECK_MEMBERS],
      raw,
    );
    const record = find(model, "targetGroups", input.TargetGroupArn);
    const next = { ...record, healthCheck: healthCheckFrom(input, record.healthCheck) };
    model.targetGroups.set(record.arn, next);
    changed();
    return describeTargetGroups(control, [next]);
  },
});
