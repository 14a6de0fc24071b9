import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./component/place.ts";
import { TEST_HEADERS } from "../contract/route/route.ts";
import { SLOTS, type PerSlot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import type { Entrance } from "./network/load-balancer.ts";
import { createSlotRule } from "./slot-rule.ts";
import type { TargetGroups } from "./slot/target-groups.ts";
import { routeConditions } from "./route.ts";

/**
 * One rule per slot, directly before the route, that only requests with the token match; none without a token.
 * They forward to the slots' test groups, so that tests never count as users.
 */
export function createTestRules(
  place: Place,
  { network, service, testTokens }: LastingConfig,
  entrance: Entrance,
  groups: PerSlot<TargetGroups>,
): readonly aws.lb.ListenerRule[] {
  if (testTokens.length === 0) return [];
  return SLOTS.map((slot, index) =>
    createSlotRule(place, entrance, slot, `${slot}-test`, {
      priority: network.priority - SLOTS.length + index,
      conditions: testConditions({ network, service, testTokens }, slot),
      targetGroupArn: groups[slot].test.arn,
    }),
  );
}

/** Requests with the token that name this; from the addresses of `service.testCidrs`, if there are any. */
export function testConditions(
  { network, service, testTokens }: Pick<LastingConfig, "network" | "service" | "testTokens">,
  name: string,
): aws.types.input.lb.ListenerRuleCondition[] {
  return [
    ...routeConditions(network),
    { httpHeader: { httpHeaderName: TEST_HEADERS.slot, values: [name] } },
    {
      httpHeader: {
        httpHeaderName: TEST_HEADERS.token,
        values: testTokens.map((token) => pulumi.secret(token)),
      },
    },
    ...(service.testCidrs.length > 0 ? [{ sourceIp: { values: [...service.testCidrs] } }] : []),
  ];
}
