import { groupsFromTags, liveSplit } from "../contract/route/live-route.ts";
import { stackOfRoute } from "../contract/route/route-tags.ts";
import { otherSlot, type PerSlot } from "../contract/slot.ts";
import { decide } from "./decide.ts";
import { releaseIdOf, watchedShare, type Decision, type Trigger } from "./watched.ts";
import type { Guarded, Ports } from "./ports.ts";
import { rollBack } from "./roll-back.ts";
import { tellOnce } from "./telling.ts";
import { tellUntold } from "./untold.ts";
import { isEmpty, readAlarms, withTargets } from "./read-alarms.ts";

/**
 * One check, and the emergency write when it has to be. Whom it is about and who gets the users stands in the route's
 * tags alone; CloudWatch is asked for numbers, and an alarm's call is believed without it.
 * `slotAlarms`: names of the slots' composite alarms.
 * @throws when users were to be rolled back and it could not be done, so that Lambda calls again.
 */
export async function guard(ports: Ports, trigger: Trigger, slotAlarms: PerSlot<string>): Promise<Guarded> {
  const sinceMs = ports.now();
  const route = await ports.read();
  const tags = await ports.tags([route.routeArn, ...route.groups.map(({ arn }) => arn)]);
  const own = tags.get(route.routeArn) ?? {};
  const groups = groupsFromTags(route, tags);
  if (groups === undefined) throw new Error(`the groups of ${route.routeArn} do not say whose they are`);
  const stack = stackOfRoute(own);
  const live = liveSplit(route, groups);
  const watched = watchedShare(own, live);
  if (typeof watched === "string") {
    await tellUntold(ports, route.routeArn, own, live);
    return left(ports, trigger, { kind: "leave", why: watched });
  }

  const active = slotAlarms[otherSlot(watched.shifted)];
  const found = await readAlarms(ports, { candidate: slotAlarms[watched.shifted], active }, watched);
  const alarms = withTargets(found, await isEmpty(ports, groups[watched.shifted]), watched.shifted);
  const decision = decide(trigger, watched, alarms, ports.now());
  const { release } = watched;
  switch (decision.kind) {
    case "leave":
      return left(ports, trigger, decision);
    case "tell":
      await tellOnce(ports, {
        routeArn: route.routeArn,
        kind: "late",
        releaseId: releaseIdOf(watched),
        reason: decision.reason,
        stack,
        // Each step has a deadline of its own.
        toldSinceMs: release?.deadlineMs ?? 0,
      });
      return { decision, written: false };
    case "rollBack":
      return rollBack(ports, { routeArn: route.routeArn, watched, groups, stack, decision, sinceMs });
  }
}

function left(ports: Ports, trigger: Trigger, decision: Extract<Decision, { kind: "leave" }>): Guarded {
  // The schedule finds nothing to do every minute of the year.
  if (trigger.kind === "alarm") ports.log(`left as it is: ${decision.why}`);
  return { decision, written: false };
}
