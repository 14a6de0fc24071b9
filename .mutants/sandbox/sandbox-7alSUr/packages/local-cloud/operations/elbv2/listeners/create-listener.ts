import type { CreateListenerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { creatingUnder } from "../../../access/requires-elb.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import { find, listenersOf, type LoadBalancerRecord } from "../../../gateway/model.ts";
import { actionFrom } from "../../../gateway/resources/actions.ts";
import { elbInput, integerIn, requireText, simulatedOnly } from "../../../gateway/resources/input.ts";
import { describeListeners, refuseTakenPort } from "../../../gateway/resources/listeners.ts";
import { addTags } from "../../../gateway/resources/tags.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "CreateListener",
  requires: creatingUnder("LoadBalancerArn", "loadbalancer", "listener"),
  async run(control, raw) {
    const { model, changed, arns } = control;
    const input = elbInput<CreateListenerInput>(
      "CreateListener",
      ["LoadBalancerArn", "Protocol", "Port", "DefaultActions", "Tags"],
      raw,
    );
    const loadBalancer = find(model, "loadBalancers", input.LoadBalancerArn);
    simulatedOnly("listener protocol", requireText("Protocol", input.Protocol), ["HTTP"]);
    const port = integerIn("Port", input.Port, 1, 65_535);
    const tags = addTags({}, input.Tags);
    const check = () => {
      find(model, "loadBalancers", loadBalancer.arn);
      refuseTakenPort(model, loadBalancer.arn, port);
      return actionFrom(model, loadBalancer.arn, input.DefaultActions);
    };
    check();
    const localPort = await openPort(control, loadBalancer, port);
    try {
      // Again: another request may have been served while the port was being opened.
      const action = check();
      const listener = {
        arn: arns.listener(loadBalancer.arn),
        loadBalancerArn: loadBalancer.arn,
        port,
        localPort,
      };
      const rule = {
        arn: arns.rule(listener.arn),
        listenerArn: listener.arn,
        priority: "default",
        conditions: [],
        action,
      } as const;
      model.listeners.set(listener.arn, listener);
      model.rules.set(rule.arn, rule);
      model.tags.set(listener.arn, tags);
      changed();
      return describeListeners(model, [listener]);
    } catch (error) {
      if (localPort !== loadBalancer.frontPort) control.doors.shut(localPort);
      throw error;
    }
  },
});

async function openPort(
  { model, doors, listenPort }: ElbControl,
  loadBalancer: LoadBalancerRecord,
  port: number,
): Promise<number> {
  const taken = listenersOf(model, loadBalancer.arn).some(
    ({ localPort }) => localPort === loadBalancer.frontPort,
  );
  if (!taken) return loadBalancer.frontPort;
  return doors.open(listenPort({ loadBalancerName: loadBalancer.name, port }));
}
