import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./component/place.ts";
import { SLOTS, type PerSlot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import type { Entrance } from "./network/load-balancer.ts";
import { routeConditions } from "./route.ts";
import type { TargetGroups } from "./slot/target-groups.ts";
import { createSlotRule } from "./slot-rule.ts";
import { testConditions } from "./test-rules.ts";

/** Rules that stand before the test rules, which stand before the route. */
const TEST_RULES = SLOTS.length;

/**
 * For each slot that is registered for cohorts a rule that only requests with the test token match: ECS refuses a service
 * whose target group no rule names (aws/aws-cdk#1160), and ELB checks the health of no such target. It keeps both when
 * the last cohort leaves.
 */
export function createCohortGroupRules(
  place: Place,
  { network, service, testTokens }: LastingConfig,
  entrance: Entrance,
  groups: PerSlot<TargetGroups>,
): readonly aws.lb.ListenerRule[] {
  return SLOTS.flatMap((slot, index) => {
    const group = groups[slot].cohort;
    if (group === undefined) return [];
    const name = `${slot}-cohort`;
    return createSlotRule(place, entrance, slot, name, {
      priority: network.priority - TEST_RULES - SLOTS.length + index,
      conditions: testConditions({ network, service, testTokens }, name),
      targetGroupArn: group.arn,
    });
  });
}

/** A rule for each cohort, before all others of the stack: its requests are no share of the route, and counted apart. */
export function createCohortRules(
  place: Place,
  { network, cohorts }: LastingConfig,
  entrance: Entrance,
  groups: PerSlot<TargetGroups>,
): void {
  for (const { name, slot, header, values, place: rank } of cohorts) {
    const group = groups[slot].cohort;
    // contract/cohorts/problems.ts refuses a cohort on such a slot.
    if (group === undefined) throw new pulumi.RunError(`cohort ${name}: ${slot} has no group for cohorts`);
    createSlotRule(place, entrance, slot, `cohort-${name}`, {
      priority: network.priority - TEST_RULES - SLOTS.length - rank,
      conditions: [
        ...routeConditions(network),
        { httpHeader: { httpHeaderName: header, values: [...values] } },
      ],
      targetGroupArn: group.arn,
    });
  }
}
