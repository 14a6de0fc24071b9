import { switchActions } from "../../../alarms/switch-actions.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";

export default defineOperation({
  service: "cloudwatch",
  name: "EnableAlarmActions",
  run({ book }, raw) {
    return switchActions("EnableAlarmActions", raw, book, true);
  },
});
