import { switchActions } from "../../../alarms/switch-actions.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";

export default defineOperation({
  service: "cloudwatch",
  name: "DisableAlarmActions",
  run({ book }, raw) {
    return switchActions("DisableAlarmActions", raw, book, false);
  },
});
