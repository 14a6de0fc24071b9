import { otherSlot, SLOTS, type PerSlot, type Slot } from "../slot.ts";
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
 * a cookie beats the weights: rolling the share back must free pinned users, and no cookie outlives a release.
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

/** The same in the shape of the load balancer's API (ModifyRule), for the two that write it without Pulumi. */
export function forwardAction({ groups, stickiness }: Forward) {
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
      TargetGroupStickinessConfig: {
        Enabled: stickiness.enabled,
        DurationSeconds: stickiness.durationSeconds,
      },
    },
  } as const;
}

/** Tags of the route: the copy of the routing state that survives without Pulumi. */
export const ROUTE_TAGS = {
  stack: "deploy:stack",
  project: "deploy:project",
  model: "deploy:model",
  activeSlot: "deploy:active-slot",
  releaseId: "deploy:release-id",
  releaseSlot: "deploy:release-slot",
  releaseState: "deploy:release-state",
  firstShareSince: "deploy:first-share-since",
  deadline: "deploy:deadline",
  atDeadline: "deploy:at-deadline",
  watchdogManual: "deploy:watchdog-manual",
  stickinessSeconds: "deploy:stickiness-seconds",
} as const;

/** Of everything of a model that is not called as its project; what has none is of the one that is. */
export const modelTag = (project: string, model: string): Readonly<Record<string, string>> =>
  model === project ? {} : { [ROUTE_TAGS.model]: model };

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
