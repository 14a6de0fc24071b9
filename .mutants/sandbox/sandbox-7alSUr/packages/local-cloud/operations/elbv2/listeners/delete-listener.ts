import type { DeleteListenerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { removeListener } from "../../../gateway/resources/listeners.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DeleteListener",
  requires: onMember("ListenerArn"),
  run(control, raw) {
    const { model, changed } = control;
    const input = elbInput<DeleteListenerInput>("DeleteListener", ["ListenerArn"], raw);
    removeListener(control, find(model, "listeners", input.ListenerArn));
    changed();
    return {};
  },
});
