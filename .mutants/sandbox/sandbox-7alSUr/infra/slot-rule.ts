import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Slot } from "../contract/slot.ts";
import type { Place } from "./component/place.ts";
import type { Entrance } from "./network/load-balancer.ts";
import { slotTags } from "./tags.ts";

/** Which requests a rule leads past the route. */
interface PastRoute {
  /** The rule of least priority number that matches wins (ELB), so it stands before the route. */
  readonly priority: number;
  readonly conditions: aws.types.input.lb.ListenerRuleCondition[];
  readonly targetGroupArn: pulumi.Input<string>;
}

/** A rule before the route that leads to one group of one slot. `name`: of the rule in the program, such as `blue-test`. */
export function createSlotRule(
  place: Place,
  entrance: Entrance,
  slot: Slot,
  name: string,
  { priority, conditions, targetGroupArn }: PastRoute,
): aws.lb.ListenerRule {
  return new aws.lb.ListenerRule(
    place.name(name),
    place.transform("listenerRule", name, {
      listenerArn: entrance.listenerArn,
      priority,
      conditions,
      actions: [{ type: "forward", targetGroupArn }],
      tags: { ...slotTags(place, slot) },
    }),
    place.options(name),
  );
}
