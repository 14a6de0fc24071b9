import type {
  CreateListenerInput,
  DeleteListenerInput,
  DescribeListenersInput,
  Listener,
  ModifyListenerInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { find, listenersOf, rulesOf } from "../model.ts";
import type { ListenerRecord, LoadBalancerRecord, Model } from "../model.ts";
import { actionFrom, describeAction } from "./actions.ts";
import type { Control } from "./control.ts";
import { integerIn, operation, page, requireText, simulatedOnly, validationError } from "./input.ts";
import { addTags } from "./tags.ts";

export function listenerOperations(control: Control): Operations {
  const { model, changed, arns } = control;
  return {
    CreateListener: operation<CreateListenerInput>(
      "CreateListener",
      ["LoadBalancerArn", "Protocol", "Port", "DefaultActions", "Tags"],
      async (input) => {
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
          return describe(model, [listener]);
        } catch (error) {
          if (localPort !== loadBalancer.frontPort) control.doors.shut(localPort);
          throw error;
        }
      },
    ),
    ModifyListener: operation<ModifyListenerInput>(
      "ModifyListener",
      ["ListenerArn", "Port", "Protocol", "DefaultActions"],
      (input) => {
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
        return describe(model, [next]);
      },
    ),
    DescribeListeners: operation<DescribeListenersInput>(
      "DescribeListeners",
      ["LoadBalancerArn", "ListenerArns", "Marker", "PageSize"],
      (input) => {
        const { items, NextMarker } = page(selected(model, input), input);
        return { ...describe(model, items), NextMarker };
      },
    ),
    DeleteListener: operation<DeleteListenerInput>("DeleteListener", ["ListenerArn"], (input) => {
      removeListener(control, find(model, "listeners", input.ListenerArn));
      changed();
      return {};
    }),
  };
}

/** Takes a listener, its rules and its port away; the front port stays the load balancer's. */
export function removeListener({ model, doors }: Control, listener: ListenerRecord): void {
  for (const rule of rulesOf(model, listener.arn)) {
    model.rules.delete(rule.arn);
    model.tags.delete(rule.arn);
  }
  model.listeners.delete(listener.arn);
  model.tags.delete(listener.arn);
  const frontPort = model.loadBalancers.get(listener.loadBalancerArn)?.frontPort;
  if (listener.localPort !== frontPort) doors.shut(listener.localPort);
}

/** The first listener takes the port that the DNS name shows; each further one gets a port of its own. */
async function openPort(
  { model, doors, listenPort }: Control,
  loadBalancer: LoadBalancerRecord,
  port: number,
): Promise<number> {
  const taken = listenersOf(model, loadBalancer.arn).some(
    ({ localPort }) => localPort === loadBalancer.frontPort,
  );
  if (!taken) return loadBalancer.frontPort;
  return doors.open(listenPort({ loadBalancerName: loadBalancer.name, port }));
}

function refuseTakenPort(model: Model, loadBalancerArn: string, port: number): void {
  if (listenersOf(model, loadBalancerArn).some((listener) => listener.port === port))
    throw new AwsError(
      "DuplicateListener",
      `A listener already exists on port ${port} for this load balancer`,
    );
}

function defaultRule(model: Model, listener: ListenerRecord) {
  const rule = rulesOf(model, listener.arn).at(-1);
  if (rule === undefined) throw new Error(`listener ${listener.arn} has no default rule`);
  return rule;
}

function selected(model: Model, input: DescribeListenersInput): ListenerRecord[] {
  const { ListenerArns: arns = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "listeners", arn));
  if (input.LoadBalancerArn === undefined)
    throw validationError("You must specify either listener ARNs or a load balancer ARN");
  return listenersOf(model, find(model, "loadBalancers", input.LoadBalancerArn).arn);
}

function describe(model: Model, listeners: readonly ListenerRecord[]): { Listeners: Listener[] } {
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
