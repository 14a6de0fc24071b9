import type { ModifyListenerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { actionFrom } from "../../../gateway/resources/actions.ts";
import { elbInput, integerIn, simulatedOnly } from "../../../gateway/resources/input.ts";
import { defaultRule, describeListeners, refuseTakenPort } from "../../../gateway/resources/listeners.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "ModifyListener",
  requires: onMember("ListenerArn"),
  run({ model, changed }, raw) {
    const input = elbInput<ModifyListenerInput>(
      "ModifyListener",
      ["ListenerArn", "Port", "Protocol", "DefaultActions"],
      raw,
    );
    const listener = find(model, "listeners", input.ListenerArn);
    simulatedOnly("listener protocol", input.Protocol, ["HTTP"]);
    const port = integerIn("Port", input.Port, 1, 65_535, listener.port);
    if (port !== listener.port) refuseTakenPort(model, listener.loadBalancerArn, port);
    const rule = defaultRule(model, listener);
    const action =
      input.DefaultActions === undefined
        ? rule.action
        : actionFrom(model, listener.loadBalancerArn, input.DefaultActions);
    const next = { ...listener, port };
    model.listeners.set(listener.arn, next);
    model.rules.set(rule.arn, { ...rule, action });
    changed();
    return describeListeners(model, [next]);
  },
});
