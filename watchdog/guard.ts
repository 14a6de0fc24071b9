import { ALARM_CATALOG, type AlarmSpec } from "../contract/alarms/alarm-catalog.ts";
import { groupsFromTags, liveSplit } from "../contract/route/live-route.ts";
import { stackOfRoute } from "../contract/route/route-tags.ts";
import { otherSlot, type PerSlot, type Slot } from "../contract/slot.ts";
import { attempt } from "./attempt.ts";
import {
  decide,
  doubtMs,
  releaseIdOf,
  watchedShare,
  type Alarms,
  type Decision,
  type Failing,
  type Trigger,
  type Watched,
} from "./decide.ts";
import { explanation, explanationOfUnproven } from "./alarm-explained.ts";
import type { Guarded, Ports } from "./ports.ts";
import { takeBack } from "./take-back.ts";
import { tellOnce, tellUntold } from "./telling.ts";

/**
 * One look, and the emergency write when it has to be. Whom it is about and who gets the users stands in the route's
 * tags alone; CloudWatch is asked for numbers, and an alarm's call is believed without it.
 * `slotAlarms`: names of the slots' composite alarms.
 * @throws when users were to be taken back and it could not be done, so that Lambda calls again.
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

  const active = slotAlarms[otherSlot(watched.lent)];
  const found = await readAlarms(ports, { candidate: slotAlarms[watched.lent], active }, watched);
  const alarms = withTargets(found, await isEmpty(ports, groups[watched.lent]), watched.lent);
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
    case "takeBack":
      return takeBack(ports, { routeArn: route.routeArn, watched, groups, stack, decision, sinceMs });
  }
}

function left(ports: Ports, trigger: Trigger, decision: Extract<Decision, { kind: "leave" }>): Guarded {
  // The schedule finds nothing to do every minute of the year.
  if (trigger.kind === "alarm") ports.log(`left as it is: ${decision.why}`);
  return { decision, written: false };
}

const specs: Readonly<Record<string, AlarmSpec>> = ALARM_CATALOG;

/**
 * The candidate's alarms, without those that say nothing against it. What cannot be weighed is believed, unless others
 * can bring it about.
 */
async function readAlarms(
  ports: Ports,
  slotAlarms: { readonly candidate: string; readonly active: string },
  { stickinessSeconds, release }: Watched,
): Promise<Alarms> {
  const found = await attempt(ports, "the alarms", () => ports.failing(slotAlarms.candidate));
  if (found === undefined) return { readable: false, why: "CloudWatch did not answer" };
  const failing: Failing[] = [];
  for (const one of found) {
    const compared = await attempt(ports, "the active slot's side", () =>
      ports.compared(one.key, slotAlarms),
    );
    const isProof = !Object.hasOwn(specs, one.key) || specs[one.key]?.proves === true;
    const explained = isProof
      ? compared && explanation(compared)
      : explanationOfUnproven(compared, stickinessSeconds > 0);
    if (explained !== undefined) {
      ports.log(`${one.reason}; ${explained}`);
      continue;
    }
    const sinceMs = release?.firstShareMs;
    // Later its whole range lies behind the first share, whatever it is about.
    const isDoubtful = sinceMs !== undefined && ports.now() < sinceMs + doubtMs(one.key);
    const since = isDoubtful
      ? await attempt(ports, "its minutes", () =>
          ports.breachingSince(slotAlarms.candidate, one.key, sinceMs),
        )
      : undefined;
    failing.push({ ...one, breachingSince: since });
  }
  return { readable: true, failing };
}

/** Whether no task of a group is registered, as ELB has it now; what cannot be read says nothing. */
async function isEmpty(ports: Ports, targetGroupArn: string): Promise<boolean> {
  return (await attempt(ports, "the targets", () => ports.registered(targetGroupArn))) === 0;
}

/** ELB reports no hosts of a group without registered targets, so no alarm knows soon that its users get 503. */
function withTargets(alarms: Alarms, isEmpty: boolean, slot: Slot): Alarms {
  if (!isEmpty) return alarms;
  const reason = `${slot} has no registered task, and the load balancer answers its users 503`;
  const empty: Failing = { key: "healthy-hosts", sinceMs: undefined, breachingSince: Infinity, reason };
  return { readable: true, failing: [...(alarms.readable ? alarms.failing : []), empty] };
}
