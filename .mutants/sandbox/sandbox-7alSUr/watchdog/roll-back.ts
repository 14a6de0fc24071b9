import { liveSplit } from "../contract/route/live-route.ts";
import { WATCHDOG_TAG, writeMark } from "../contract/route/route-tags.ts";
import { renderForward } from "../contract/route/route.ts";
import { otherSlot, type PerSlot } from "../contract/slot.ts";
import { sameSplit, showSplit, splitOf } from "../contract/route/split.ts";
import { releaseIdOf, type Decision, type Watched } from "./watched.ts";
import type { Guarded, Ports } from "./ports.ts";
import { attempt } from "./attempt.ts";
import { claim, PAUSE_MS, tell, tellOnce, type Message } from "./telling.ts";

export interface Emergency {
  readonly routeArn: string;
  readonly watched: Watched;
  readonly groups: PerSlot<string>;
  readonly stack: string;
  readonly decision: Extract<Decision, { kind: "rollBack" }>;
  /** When this call began to look, epoch milliseconds. */
  readonly sinceMs: number;
}

/**
 * One DescribeTargetHealth, one ModifyRule, rendered as everywhere. Which call tells people is settled before the
 * write, so that a call which dies after it leaves behind what there is to tell.
 * @throws when users were to be rolled back and it could not be done.
 */
export async function rollBack(
  ports: Ports,
  { routeArn, watched, groups, stack, decision, sinceMs }: Emergency,
): Promise<Guarded> {
  const to = otherSlot(watched.shifted);
  const { reason } = decision;
  const releaseId = releaseIdOf(watched);
  // Whoever told of this release since this call began has told of this.
  const toldSinceMs = sinceMs - PAUSE_MS;
  const message: Message = { routeArn, kind: "rolledBack", releaseId, reason, stack, toldSinceMs };
  // The load balancer answers 503 for a group without registered targets, and does not fail over.
  if ((await ports.registered(groups[to])) === 0) {
    const why = `${reason}; but ${to} has no registered task, so users stay where they are`;
    await tellOnce(ports, { ...message, kind: "stuck", reason: why, toldSinceMs: sinceMs - REPEAT_MS });
    throw new Error(why);
  }
  const split = splitOf(to, 0);
  const isBack = async () => {
    const live = liveSplit(await ports.read(), groups);
    return live !== undefined && sameSplit(live, split);
  };
  // Another call of the watchdog may have been faster, and tells people; so may a person, or an update.
  if (await isBack())
    return { decision: { kind: "leave", why: "its users are back by now" }, written: false };
  const claimed = await claim(ports, message);
  await ports.write(renderForward(split, groups, watched.stickinessSeconds));
  // The next run looks again; an update under way may have written in between.
  if (!(await isBack())) throw new Error(`the route does not show ${showSplit(split)}`);
  ports.log(`all traffic is on ${to}: ${reason}`);

  // The users are back. What follows may fail, and does not undo that.
  const mark = writeMark({ releaseId, atMs: ports.now(), reason });
  await attempt(ports, "the tag", () => ports.tag(WATCHDOG_TAG, mark));
  if (claimed !== undefined) await tell(ports, claimed, message);
  return { decision, written: true };
}

/** How often people hear that users cannot be rolled back, at most. */
const REPEAT_MS = 300_000;
