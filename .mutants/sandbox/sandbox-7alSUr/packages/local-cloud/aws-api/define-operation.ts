import type { Rate } from "../access/rate.ts";
import type { Requires } from "../access/requires.ts";
import type { CloudWatchControl } from "../alarms/control.ts";
import type { ElbControl } from "../gateway/control.ts";
import type { LogsControl } from "../logs/control.ts";
import type { EcsControl } from "../tasks/control.ts";
import type { Operation, Operations } from "./operations.ts";

/** What the operations of a service work on, by the service's name as IAM writes it. */
export interface Contexts {
  readonly "application-autoscaling": EcsControl;
  readonly cloudwatch: CloudWatchControl;
  readonly ecs: EcsControl;
  readonly elasticloadbalancing: ElbControl;
  readonly logs: LogsControl;
}

export type DefinedService = keyof Contexts;

/** An operation of AWS: everything that this cloud knows of it. */
export interface DefinedOperation<Service extends DefinedService = DefinedService> {
  readonly service: Service;
  /** As the API writes it. */
  readonly name: string;
  /** What IAM is asked for; left out: the action on `*`. */
  readonly requires?: Requires;
  /** AWS's limit on its calls, with the source beside it; left out: none is known. */
  readonly rate?: Rate;
  run(context: Contexts[Service], input: Parameters<Operation>[0]): ReturnType<Operation>;
}

export const defineOperation = <Service extends DefinedService>(
  operation: DefinedOperation<Service>,
): DefinedOperation<Service> => operation;

/** Those of one service, as its API calls them. */
export function operationsOf<Service extends DefinedService>(
  defined: readonly DefinedOperation[],
  service: Service,
  context: Contexts[Service],
): Operations {
  const isOf = (one: DefinedOperation): one is DefinedOperation<Service> => one.service === service;
  return Object.fromEntries(
    defined.filter(isOf).map((one): [string, Operation] => [one.name, (input) => one.run(context, input)]),
  );
}
