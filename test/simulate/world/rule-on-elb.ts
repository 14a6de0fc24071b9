import type { Forward } from "../../../contract/route/route.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { RouteHistory, sharesIn } from "../../validation/support/route-history.ts";
import { groupArn } from "../../validation/support/world.ts";

export interface RouteWrite {
  /** Who wrote: a process by name. */
  readonly by: string;
  readonly how: "update" | "emergency";
  /** When the update took the lock; of an emergency write: now. */
  readonly beganMs: number;
  /** Of an update: as deployed before it, and of which moment the route was that its program was shown. */
  readonly knew?: { readonly deployed: PerSlot<number>; readonly shownMs: number } | undefined;
  readonly before: PerSlot<number>;
  readonly after: PerSlot<number>;
  /** Whether users with a cookie stay on their slot, whatever its weight. */
  readonly sticks: boolean;
}

type Tags = Readonly<Record<string, string>>;

/** One listener rule, as ELB keeps it: ModifyRule replaces the actions, AddTags and RemoveTags single tags. */
export class RuleOnElb {
  private readonly past = new RouteHistory();
  private readonly taggings: { readonly fromMs: number; readonly tags: Tags }[] = [];
  private readonly nowMs: () => number;
  /** Told of every ModifyRule. */
  written: (write: RouteWrite) => void = () => {};

  constructor(nowMs: () => number, forward: Forward, tags: Tags) {
    this.nowMs = nowMs;
    this.past.add(nowMs(), forward);
    this.taggings.push({ fromMs: nowMs(), tags });
  }

  forward(staleMs = 0): Forward {
    return this.past.at(this.nowMs() - staleMs);
  }

  tags(staleMs = 0): Tags {
    const atMs = this.nowMs() - staleMs;
    const found = this.taggings.findLast(({ fromMs }) => fromMs <= atMs) ?? this.taggings[0];
    return found?.tags ?? {};
  }

  shareAt(slot: Slot, atMs: number): number {
    return sharesIn(this.past.at(atMs), groupArn)[slot];
  }

  shares(): PerSlot<number> {
    return sharesIn(this.past.now(), groupArn);
  }

  modify(forward: Forward, who: Pick<RouteWrite, "by" | "how" | "beganMs" | "knew">): void {
    const before = this.shares();
    this.past.add(this.nowMs(), forward);
    this.written({ ...who, before, after: this.shares(), sticks: forward.stickiness.enabled });
  }

  tag(tags: Tags): void {
    this.taggings.push({ fromMs: this.nowMs(), tags: { ...this.tags(), ...tags } });
  }

  untag(keys: readonly string[]): void {
    const left = Object.entries(this.tags()).filter(([key]) => !keys.includes(key));
    this.taggings.push({ fromMs: this.nowMs(), tags: Object.fromEntries(left) });
  }
}

export const slotOfArn = (arn: string): Slot | undefined => SLOTS.find((slot) => groupArn(slot) === arn);
export const noShares: PerSlot<number> = perSlot(() => 0);
