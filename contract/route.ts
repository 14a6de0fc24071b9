import type { Release } from "./release.ts";
import { isSlot, otherSlot, SLOTS, type PerSlot, type Slot } from "./slot.ts";
import type { Split } from "./split.ts";

/** The forward action of the route, in the words of the load balancer but of no SDK. */
export interface Forward<Arn = string> {
  readonly groups: readonly { readonly arn: Arn; readonly weight: number }[];
  readonly stickiness: { readonly enabled: boolean; readonly durationSeconds: number };
}

// ELB API: stickiness takes 1 to 604800 seconds, and a duration must be declared even where it is off,
// or `refresh` shows a difference that nobody made (pulumi/pulumi-aws#5771).
const UNUSED_STICKINESS_SECONDS = 3600;

/**
 * The forward action for a split. Both production groups are always listed with explicit weights: a group
 * that is in no rule is not health-checked. Stickiness is on only while the traffic really is split, because
 * a cookie beats the weights: taking the share back must free pinned users, and no cookie outlives a release.
 * The Pulumi program and the emergency write both render it here.
 */
export function renderForward<Arn>(
  split: Split,
  groupArns: PerSlot<Arn>,
  stickinessSeconds: number,
): Forward<Arn> {
  const divided = SLOTS.every((slot) => split[slot] > 0);
  return {
    groups: SLOTS.map((slot) => ({ arn: groupArns[slot], weight: split[slot] })),
    stickiness: {
      enabled: stickinessSeconds > 0 && divided,
      durationSeconds: stickinessSeconds > 0 ? stickinessSeconds : UNUSED_STICKINESS_SECONDS,
    },
  };
}

/** Tags of the route: the copy of the routing state that survives without Pulumi. */
export const ROUTE_TAGS = {
  stack: "deploy:stack",
  activeSlot: "deploy:active-slot",
  releaseId: "deploy:release-id",
  releaseSlot: "deploy:release-slot",
  releaseState: "deploy:release-state",
  stickinessSeconds: "deploy:stickiness-seconds",
} as const;

export interface RouteMemory {
  readonly stack: string;
  readonly activeSlot: Slot;
  /** Slot of the release in progress, or of the last one; undefined: there was none. */
  readonly releaseSlot: Slot | undefined;
  readonly stickinessSeconds: number;
}

export function routeTags(
  stack: string,
  activeSlot: Slot,
  release: Release | undefined,
  stickinessSeconds: number,
): Readonly<Record<string, string>> {
  return {
    [ROUTE_TAGS.stack]: stack,
    [ROUTE_TAGS.activeSlot]: activeSlot,
    [ROUTE_TAGS.releaseId]: release?.id ?? "none",
    [ROUTE_TAGS.releaseSlot]: release?.slot ?? "none",
    [ROUTE_TAGS.releaseState]: release?.state ?? "none",
    [ROUTE_TAGS.stickinessSeconds]: String(stickinessSeconds),
  };
}

/** What a route's tags remember; undefined when they are not those of a route of ours. */
export function readRouteTags(tags: Readonly<Record<string, string>>): RouteMemory | undefined {
  const stack = tags[ROUTE_TAGS.stack];
  const activeSlot = tags[ROUTE_TAGS.activeSlot];
  const seconds = Number(tags[ROUTE_TAGS.stickinessSeconds]);
  if (stack === undefined || !isSlot(activeSlot) || !Number.isInteger(seconds)) return undefined;
  const slot = tags[ROUTE_TAGS.releaseSlot];
  const releaseSlot = isSlot(slot) ? slot : undefined;
  return { stack, activeSlot, releaseSlot, stickinessSeconds: seconds };
}

/** Tag by which a target group says whose it is, so that the emergency write finds slots without Pulumi. */
export const SLOT_TAG = "deploy:slot";

/**
 * Where everyone goes at a revert: while the active slot has less than everything, back to it;
 * when it has everything, to the other slot, the standby.
 */
export function revertTarget(live: Split, activeSlot: Slot): Slot {
  if (live[activeSlot] < 100) return activeSlot;
  return otherSlot(activeSlot);
}

/** Headers by which a request on the test rules chooses its slot. */
export const TEST_HEADERS = { slot: "x-slot", token: "x-slot-token" } as const;
