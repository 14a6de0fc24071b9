import type { Clock } from "../clock.ts";
import type { Arns } from "./arns.ts";
import type { Doors } from "./doors.ts";
import type { Model } from "./model.ts";
import type { TargetGroup } from "./target-group.ts";

/** What the operations of Elastic Load Balancing work on. */
export interface ElbControl {
  readonly model: Model;
  readonly clock: Clock;
  readonly arns: Arns;
  readonly doors: Doors;
  /** The port on this machine for a listener of a load balancer; 0 is any free one. */
  readonly listenPort: (listener: { readonly loadBalancerName: string; readonly port: number }) => number;
  /** The run-time side of a target group of the model. */
  targets(targetGroupArn: string): TargetGroup;
  /** To be called after each change of the model: routes take effect before it returns. */
  changed(): void;
}
