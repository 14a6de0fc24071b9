import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Cohort } from "../contract/cohorts/cohort.ts";
import type { Place } from "./component/place.ts";
import { SLOTS, type PerSlot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import type { Entrance } from "./network/load-balancer.ts";
import { routeConditions } from "./route.ts";
import type { TargetGroups } from "./slot/target-groups.ts";
import { slotTags } from "./tags.ts";
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
    return new aws.lb.ListenerRule(
      place.name(`${slot}-cohort`),
      place.transform("listenerRule", `${slot}-cohort`, {
        listenerArn: entrance.listenerArn,
        priority: network.priority - TEST_RULES - SLOTS.length + index,
        conditions: testConditions({ network, service, testTokens }, `${slot}-cohort`),
        actions: [{ type: "forward", targetGroupArn: group.arn }],
        tags: { ...slotTags(place, slot) },
      }),
      place.options(`${slot}-cohort`),
    );
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
    new aws.lb.ListenerRule(
      place.name(`cohort-${name}`),
      place.transform("listenerRule", `cohort-${name}`, {
        listenerArn: entrance.listenerArn,
        priority: priorityOf(network.priority, { place: rank }),
        conditions: [
          ...routeConditions(network),
          { httpHeader: { httpHeaderName: header, values: [...values] } },
        ],
        actions: [{ type: "forward", targetGroupArn: group.arn }],
        tags: { ...slotTags(place, slot) },
      }),
      place.options(`cohort-${name}`),
    );
  }
}

const priorityOf = (route: number, { place }: Pick<Cohort, "place">) =>
  route - TEST_RULES - SLOTS.length - place;
