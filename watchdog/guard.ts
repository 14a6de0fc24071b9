import { ALARM_CATALOG, type AlarmSpec } from "../contract/alarm-catalog.ts";
import { groupsFromTags, liveSplit, type WeightedGroups } from "../contract/live-route.ts";
import type { Notification } from "../contract/notification.ts";
import { BY_HAND, stackOfRoute, WATCHDOG_TAG, writeMark } from "../contract/route-tags.ts";
import { renderForward, type Forward } from "../contract/route.ts";
import { otherSlot, type PerSlot, type Slot } from "../contract/slot.ts";
import { sameSplit, showSplit, splitOf } from "../contract/split.ts";
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
import { excuse, excuseUnproven, type Beside } from "./excuse.ts";

/** What the watchdog needs from outside; each may throw. */
export interface Ports {
  /** Epoch milliseconds. */
  now(): number;
  /** The forward action of the route. */
  read(): Promise<{ readonly routeArn: string; readonly groups: WeightedGroups }>;
  /** Tags of the route and of target groups, by ARN. */
  tags(arns: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** Targets of a group that are registered and not on their way out. */
  registered(targetGroupArn: string): Promise<number>;
  write(forward: Forward): Promise<void>;
  tag(key: string, value: string): Promise<void>;
  /** The alarms under a slot's composite that are in ALARM. */
  failing(slotAlarm: string): Promise<readonly Failing[]>;
  /** What stands beside an alarm of the candidate: the same one of the active slot. */
  beside(key: string, slotAlarms: { readonly candidate: string; readonly active: string }): Promise<Beside>;
  /** How many minutes since a moment breach an alarm of the slot, as far as CloudWatch has them. */
  breachingSince(slotAlarm: string, key: string, sinceMs: number): Promise<number>;
  /** One more time that the watchdog took users back. */
  count(stack: string): Promise<void>;
  notify(notification: Notification): Promise<void>;
  log(line: string): void;
}

export interface Guarded {
  readonly decision: Decision;
  /** Whether users were moved. */
  readonly written: boolean;
}

/**
 * One look, and the emergency write when it has to be. Whom it is about and who gets the users stands in the route's
 * tags alone; CloudWatch is asked for numbers, and an alarm's call is believed without it.
 * `slotAlarms`: names of the slots' composite alarms.
 * @throws when users were to be taken back and it could not be done, so that Lambda calls again.
 */
export async function guard(ports: Ports, trigger: Trigger, slotAlarms: PerSlot<string>): Promise<Guarded> {
  const route = await ports.read();
  const tags = await ports.tags([route.routeArn, ...route.groups.map(({ arn }) => arn)]);
  const own = tags.get(route.routeArn) ?? {};
  const groups = groupsFromTags(route, tags);
  if (groups === undefined) throw new Error(`the groups of ${route.routeArn} do not say whose they are`);
  const stack = stackOfRoute(own);
  const watched = watchedShare(own, liveSplit(route, groups));
  if (typeof watched === "string") return left(ports, trigger, { kind: "leave", why: watched });

  const active = slotAlarms[otherSlot(watched.lent)];
  const found = await readAlarms(ports, { candidate: slotAlarms[watched.lent], active }, watched);
  const alarms = withTargets(found, await isEmpty(ports, groups[watched.lent]), watched.lent);
  const decision = decide(trigger, watched, alarms, ports.now());
  const { release } = watched;
  switch (decision.kind) {
    case "leave":
      return left(ports, trigger, decision);
    case "tell":
      await ports.notify({ kind: "needsPerson", stack, releaseId: release?.id, reason: decision.reason });
      return { decision, written: false };
    case "takeBack":
      await takeBack(ports, watched, groups, { stack, reason: decision.reason });
      await leaveReason(ports, watched, { stack, reason: decision.reason });
      return { decision, written: true };
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
  const found = await told(ports, "the alarms", () => ports.failing(slotAlarms.candidate));
  if (found === undefined) return { readable: false, why: "CloudWatch did not answer" };
  const failing: Failing[] = [];
  for (const one of found) {
    const beside = await told(ports, "the active slot's side", () => ports.beside(one.key, slotAlarms));
    const isProof = !Object.hasOwn(specs, one.key) || specs[one.key]?.proves === true;
    const excused = isProof ? beside && excuse(beside) : excuseUnproven(beside, stickinessSeconds > 0);
    if (excused !== undefined) {
      ports.log(`${one.reason}; ${excused}`);
      continue;
    }
    const sinceMs = release?.firstShareMs;
    // Later its whole range lies behind the first share, whatever it is about.
    const isDoubtful = sinceMs !== undefined && ports.now() < sinceMs + doubtMs(one.key);
    const since = isDoubtful
      ? await told(ports, "its minutes", () => ports.breachingSince(slotAlarms.candidate, one.key, sinceMs))
      : undefined;
    failing.push({ ...one, breachingSince: since });
  }
  return { readable: true, failing };
}

/** Whether no task of a group is registered, as ELB has it now; what cannot be read says nothing. */
async function isEmpty(ports: Ports, targetGroupArn: string): Promise<boolean> {
  return (await told(ports, "the targets", () => ports.registered(targetGroupArn))) === 0;
}

/** ELB reports no hosts of a group without registered targets, so no alarm knows soon that its users get 503. */
function withTargets(alarms: Alarms, isEmpty: boolean, slot: Slot): Alarms {
  if (!isEmpty) return alarms;
  const reason = `${slot} has no registered task, and the load balancer answers its users 503`;
  const empty: Failing = { key: "healthy-hosts", sinceMs: undefined, breachingSince: Infinity, reason };
  return { readable: true, failing: [...(alarms.readable ? alarms.failing : []), empty] };
}

interface Why {
  readonly stack: string;
  readonly reason: string;
}

/** One DescribeTargetHealth, one ModifyRule, rendered as everywhere. */
async function takeBack(
  ports: Ports,
  watched: Watched,
  groups: PerSlot<string>,
  { stack, reason }: Why,
): Promise<void> {
  const to = otherSlot(watched.lent);
  // The load balancer answers 503 for a group without registered targets, and does not fail over.
  if ((await ports.registered(groups[to])) === 0) {
    const why = `${reason}; but ${to} has no registered task, so users stay where they are`;
    await ports.notify({ kind: "needsPerson", stack, releaseId: watched.release?.id, reason: why });
    throw new Error(why);
  }
  const split = splitOf(to, 0);
  await ports.write(renderForward(split, groups, watched.stickinessSeconds));
  const live = liveSplit(await ports.read(), groups);
  // The next run looks again; an update under way may have written in between.
  if (live === undefined || !sameSplit(live, split)) {
    throw new Error(`the route does not show ${showSplit(split)}`);
  }
  ports.log(`everyone is on ${to}: ${reason}`);
}

/** After the users are back. Each of these may fail by itself, and none of them undoes that. */
async function leaveReason(ports: Ports, watched: Watched, { stack, reason }: Why): Promise<void> {
  const releaseId = releaseIdOf(watched);
  const mark = writeMark({ releaseId, atMs: ports.now(), reason });
  await told(ports, "the tag", () => ports.tag(WATCHDOG_TAG, mark));
  await told(ports, "the metric", () => ports.count(stack));
  const release = releaseId === BY_HAND ? undefined : releaseId;
  const notification = { kind: "watchdog", stack, releaseId: release, reason } as const;
  await told(ports, "the message", () => ports.notify(notification));
}

async function told<T>(ports: Ports, what: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    ports.log(`${what} could not be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
