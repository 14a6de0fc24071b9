import type { Forward } from "../../../contract/route/route.ts";
import { perSlot, type Slot } from "../../../contract/slot.ts";

/** What a route had since when. */
export class RouteHistory {
  private readonly forwards: { readonly fromMs: number; readonly forward: Forward }[] = [];

  add(fromMs: number, forward: Forward): void {
    this.forwards.push({ fromMs, forward });
  }

  now(): Forward {
    return this.at(Number.POSITIVE_INFINITY);
  }

  /** Before its begin it was as at its begin. */
  at(atMs: number): Forward {
    const found = this.forwards.findLast(({ fromMs }) => fromMs <= atMs) ?? this.forwards[0];
    if (found === undefined) throw new Error("the route has never been written");
    return found.forward;
  }
}

/** Percent of users on each slot. */
export const sharesIn = ({ groups }: Forward, groupArn: (slot: Slot) => string): Record<Slot, number> =>
  perSlot((slot) => groups.find(({ arn }) => arn === groupArn(slot))?.weight ?? 0);
