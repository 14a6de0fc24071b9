import {
  BY_HAND,
  guardsManualShares,
  readReleaseTags,
  readRouteTags,
  readWatchdogMark,
  type RememberedRelease,
  type RollbackMark,
} from "../contract/route/route-tags.ts";
import { otherSlot, type Slot } from "../contract/slot.ts";
import type { Split } from "../contract/route/split.ts";

/** Why the watchdog woke: the composite alarm of a slot went into ALARM, or a minute has passed. */
export type Trigger =
  | { readonly kind: "alarm"; readonly slot: Slot; readonly reason: string; readonly atMs: number }
  | { readonly kind: "schedule" };

/** The share that the watchdog watches, as the route's tags tell of it. */
export interface Watched {
  /** Who has it. */
  readonly shifted: Slot;
  readonly stickinessSeconds: number;
  /** undefined: shifted manually, with the leave to roll it back. */
  readonly release: RememberedRelease | undefined;
  readonly mark: RollbackMark | undefined;
}

/** One of the slot's alarms that is in ALARM. */
export interface Failing {
  readonly key: string;
  /** Epoch milliseconds; undefined: CloudWatch does not say. */
  readonly sinceMs: number | undefined;
  /** Whole minutes since the release's first share that breach it; undefined: not asked, or not known. */
  readonly breachingSince?: number | undefined;
  /** With both numbers, as CloudWatch has them. */
  readonly reason: string;
}

export type AlarmsReading =
  | { readonly readable: true; readonly failing: readonly Failing[] }
  | { readonly readable: false; readonly why: string };

export type Decision =
  | { readonly kind: "leave"; readonly why: string }
  | { readonly kind: "rollBack"; readonly reason: string }
  /** The policy leaves users where they are, and a person has to look. */
  | { readonly kind: "tell"; readonly reason: string };

/**
 * What there is to watch: users of a candidate. A release that is over, the active slot, and what was shifted manually
 * without `rollout.watchdogManual` are none of its business; the answer is why, then.
 */
export function watchedShare(
  tags: Readonly<Record<string, string>>,
  live: Split | undefined,
): Watched | string {
  const memory = readRouteTags(tags);
  if (memory === undefined) return "the tags are not those of a route of ours";
  const { activeSlot, stickinessSeconds } = memory;
  const shifted = otherSlot(activeSlot);
  // Weights that are no whole percents are nobody's who asked for the candidate to have nothing.
  if (live?.[shifted] === 0) return `no traffic is shifted to ${shifted}`;
  const open = readReleaseTags(tags);
  const release = open?.slot === shifted && open.state !== "deployed" ? open : undefined;
  if (release === undefined && !guardsManualShares(tags)) return `${shifted} has its share manually`;
  return { shifted, stickinessSeconds, release, mark: readWatchdogMark(tags) };
}

export const releaseIdOf = ({ release }: Watched) => release?.id ?? BY_HAND;
