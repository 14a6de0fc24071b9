import {
  BY_HAND,
  guardsManualShares,
  readReleaseTags,
  readRouteTags,
  readWatchdogMark,
} from "../contract/route-tags.ts";
import { otherSlot, type Slot } from "../contract/slot.ts";
import type { Split } from "../contract/split.ts";

/** Why the watchdog woke. */
export type Trigger =
  /** The composite alarm of a slot went into ALARM. */
  { readonly kind: "alarm"; readonly slot: Slot; readonly reason: string } | { readonly kind: "schedule" };

/** The route as the load balancer has it. */
export interface Seen {
  readonly tags: Readonly<Record<string, string>>;
  /** undefined: its weights are no whole percents. */
  readonly live: Split | undefined;
}

export type Decision =
  | { readonly kind: "leave"; readonly why: string }
  | {
      readonly kind: "takeBack";
      readonly to: Slot;
      /** `by-hand`: a share without a release. */
      readonly releaseId: string;
      readonly stickinessSeconds: number;
      readonly reason: string;
    }
  /** The policy leaves users where they are, and a person has to look. */
  | { readonly kind: "tell"; readonly releaseId: string; readonly reason: string };

/**
 * How long after a deadline the watchdog waits for whoever runs the release: a decision at the deadline takes an
 * update of the stack, and two writers at once would undo each other.
 */
export const GRACE_MS = 120_000;
/** A deadline that a person has to look at is told once, by the first schedule after the grace. */
export const SCHEDULE_MS = 60_000;

/**
 * What follows from a look at the route, whose tags are all that the watchdog knows. It takes users off a candidate
 * and never puts anybody on one; a release that is over, and the active slot, are none of its business.
 */
export function decide(trigger: Trigger, { tags, live }: Seen, nowMs: number): Decision {
  const memory = readRouteTags(tags);
  if (memory === undefined) return { kind: "leave", why: "the tags are not those of a route of ours" };
  const { activeSlot, stickinessSeconds } = memory;
  const lent = otherSlot(activeSlot);
  // Weights that are no whole percents are nobody's who asked for the candidate to have nothing.
  if (live?.[lent] === 0) return { kind: "leave", why: `nothing is lent to ${lent}` };

  const release = readReleaseTags(tags);
  const isMoving = release?.slot === lent && release.state !== "deployed";
  const releaseId = isMoving ? release.id : BY_HAND;
  const takeBack = (reason: string): Decision => ({
    kind: "takeBack",
    to: activeSlot,
    releaseId,
    stickinessSeconds,
    reason,
  });
  const mayAct = isMoving || guardsManualShares(tags);
  if (trigger.kind === "alarm") {
    if (trigger.slot !== lent) return { kind: "leave", why: `${trigger.slot} is the active slot` };
    if (!mayAct) return { kind: "leave", why: `${lent} has its share by hand` };
    return takeBack(trigger.reason);
  }
  if (!isMoving) return { kind: "leave", why: "no release is running" };
  const mark = readWatchdogMark(tags);
  // An update that was under way gave the candidate its share again after the watchdog had taken it.
  if (mark?.releaseId === release.id) return takeBack(mark.reason);
  return atDeadline(release, nowMs, takeBack);
}

function atDeadline(
  { id, deadlineMs, atDeadline }: NonNullable<ReturnType<typeof readReleaseTags>>,
  nowMs: number,
  takeBack: (reason: string) => Decision,
): Decision {
  if (deadlineMs === undefined || nowMs < deadlineMs + GRACE_MS) {
    return { kind: "leave", why: "the step has time until its deadline" };
  }
  const minutes = Math.floor((nowMs - deadlineMs) / 60_000);
  const late = `the step of ${id} is ${minutes} minutes past its deadline of ${new Date(deadlineMs).toISOString()}`;
  if (atDeadline === "revert") return takeBack(late);
  const isNew = nowMs < deadlineMs + GRACE_MS + SCHEDULE_MS;
  return isNew
    ? { kind: "tell", releaseId: id, reason: `${late}; rollout.atDeadline is hold, so nobody was moved` }
    : { kind: "leave", why: `${late}, which was told` };
}
