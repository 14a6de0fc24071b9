import { groupsFromTags, liveSplit, type WeightedGroups } from "../contract/live-route.ts";
import type { Notification } from "../contract/notification.ts";
import {
  BY_HAND,
  readRouteTags,
  WATCHDOG_TAG,
  writeWatchdogMark,
  type WatchdogMark,
} from "../contract/route-tags.ts";
import { renderForward, type Forward } from "../contract/route.ts";
import { sameSplit, showSplit, splitOf } from "../contract/split.ts";
import { decide, type Decision, type Trigger } from "./decide.ts";

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
  /** What the alarms that are behind a slot's alarm say, with their numbers; undefined: nothing more. */
  explain(alarmName: string): Promise<string | undefined>;
  /** One more time that the watchdog took users back. */
  count(stack: string): Promise<void>;
  notify(notification: Notification): Promise<void>;
  log(line: string): void;
}

/** What woke the watchdog; `alarmName`: to ask for its numbers. */
export type Woken = Trigger & { readonly alarmName?: string };

export interface Guarded {
  readonly decision: Decision;
  /** Whether users were moved. */
  readonly written: boolean;
}

/**
 * One look, and the emergency write when it has to be: one DescribeTargetHealth, one ModifyRule, rendered as
 * everywhere. The reason is left in the route's tags, a metric and a message, after the users are back.
 * @throws when users were to be taken back and it could not be done, so that Lambda calls again.
 */
export async function guard(ports: Ports, woken: Woken): Promise<Guarded> {
  const route = await ports.read();
  const tags = await ports.tags([route.routeArn, ...route.groups.map(({ arn }) => arn)]);
  const own = tags.get(route.routeArn) ?? {};
  const groups = groupsFromTags(route, tags);
  if (groups === undefined) throw new Error(`the groups of ${route.routeArn} do not say whose they are`);
  const decision = decide(woken, { tags: own, live: liveSplit(route, groups) }, ports.now());
  const stack = readRouteTags(own)?.stack ?? "";
  switch (decision.kind) {
    case "leave":
      // The schedule finds nothing to do every minute of the year.
      if (woken.kind === "alarm") ports.log(`left as it is: ${decision.why}`);
      return { decision, written: false };
    case "tell":
      await ports.notify({
        kind: "needsPerson",
        stack,
        releaseId: decision.releaseId,
        reason: decision.reason,
      });
      return { decision, written: false };
    case "takeBack":
      await takeBack(ports, decision, groups, stack);
      await leaveReason(ports, woken, decision, stack);
      return { decision, written: true };
  }
}

type TakeBack = Extract<Decision, { kind: "takeBack" }>;

async function takeBack(
  ports: Ports,
  { to, releaseId, stickinessSeconds, reason }: TakeBack,
  groups: Parameters<typeof liveSplit>[1],
  stack: string,
): Promise<void> {
  // The load balancer answers 503 for a group without registered targets, and does not fail over.
  if ((await ports.registered(groups[to])) === 0) {
    const why = `${reason}; but ${to} has no registered task, so users stay where they are`;
    await ports.notify({ kind: "needsPerson", stack, releaseId, reason: why });
    throw new Error(why);
  }
  const split = splitOf(to, 0);
  await ports.write(renderForward(split, groups, stickinessSeconds));
  const live = liveSplit(await ports.read(), groups);
  // The next run looks again; an update under way may have written in between.
  if (live === undefined || !sameSplit(live, split)) {
    throw new Error(`the route does not show ${showSplit(split)}`);
  }
  ports.log(`everyone is on ${to}: ${reason}`);
}

/** Each of these may fail by itself, and none of them takes back that the users are. */
async function leaveReason(ports: Ports, woken: Woken, done: TakeBack, stack: string): Promise<void> {
  const { releaseId } = done;
  const mark = (reason: string): WatchdogMark => ({ releaseId, atMs: ports.now(), reason });
  const tag = (reason: string) => ports.tag(WATCHDOG_TAG, writeWatchdogMark(mark(reason)));
  await told(ports, "the tag", () => tag(done.reason));
  const { alarmName } = woken;
  const numbers =
    alarmName === undefined
      ? undefined
      : await told(ports, "the alarm's numbers", () => ports.explain(alarmName));
  const reason = numbers ?? done.reason;
  if (numbers !== undefined) await told(ports, "the tag", () => tag(reason));
  await told(ports, "the metric", () => ports.count(stack));
  const release = releaseId === BY_HAND ? undefined : releaseId;
  await told(ports, "the message", () =>
    ports.notify({ kind: "watchdog", stack, releaseId: release, reason }),
  );
}

async function told<T>(ports: Ports, what: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    ports.log(`${what} could not be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
