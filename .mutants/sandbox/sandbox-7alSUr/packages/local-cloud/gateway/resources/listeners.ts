import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { ElbControl } from "../control.ts";
import { listenersOf, rulesOf } from "../model.ts";
import type { ListenerRecord, Model, RuleRecord } from "../model.ts";
import { describeAction } from "./actions.ts";

/** Takes a listener, its rules and its port away; the front port stays the load balancer's. */
export function removeListener({ model, doors }: ElbControl, listener: ListenerRecord): void {
  for (const rule of rulesOf(model, listener.arn)) {
    model.rules.delete(rule.arn);
    model.tags.delete(rule.arn);
  }
  model.listeners.delete(listener.arn);
  model.tags.delete(listener.arn);
  const frontPort = model.loadBalancers.get(listener.loadBalancerArn)?.frontPort;
  if (listener.localPort !== frontPort) doors.shut(listener.localPort);
}

export function refuseTakenPort(model: Model, loadBalancerArn: string, port: number): void {
  if (listenersOf(model, loadBalancerArn).some((listener) => listener.port === port))
    throw new AwsError(
      "DuplicateListener",
      `A listener already exists on port ${port} for this load balancer`,
    );
}

export function defaultRule(model: Model, listener: ListenerRecord): RuleRecord {
  const rule = rulesOf(model, listener.arn).at(-1);
  if (rule === undefined) throw new Error(`listener ${listener.arn} has no default rule`);
  return rule;
}

/** Listeners as the API shows them. */
export function describeListeners(
  model: Model,
  listeners: readonly ListenerRecord[],
): { Listeners: Listener[] } {
  return {
    Listeners: listeners.map((listener) => ({
      ListenerArn: listener.arn,
      LoadBalancerArn: listener.loadBalancerArn,
      Port: listener.port,
      Protocol: "HTTP",
      DefaultActions: [describeAction(defaultRule(model, listener).action)],
    })),
  };
}
