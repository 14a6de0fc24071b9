import type { Problem } from "../checks/problem.ts";
import { otherSlot, type Slot } from "../slot.ts";
import type { Split } from "../route/split.ts";
import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";
import { weightKey } from "./routing.ts";
import { isByHand } from "./step.ts";

/** The route as the load balancer has it now; undefined split: weights that are no whole percents. */
export type RouteReading =
  | { readonly readable: true; readonly split: Split | undefined }
  | { readonly readable: false; readonly why: string };

const STEP = "npx bluegreen step";

/**
 * Users whom an emergency write took back (a revert, the watchdog) while Pulumi could not be told. Pulumi's state says
 * that they are still there, so any update of the route would put them back, whatever it was meant to change.
 * `live`: undefined before the first update.
 */
export function takenBackProblems(
  previous: Previous,
  next: StackConfig,
  live: RouteReading | undefined,
): readonly Problem[] {
  if (live === undefined) return [];
  const { activeSlot, split } = previous;
  const lent = otherSlot(activeSlot);
  const wouldLend = split[lent] > 0 && next.split[lent] > 0;
  if (!live.readable) {
    const why = `0 as long as the route cannot be read (${live.why}): its users may have been taken back`;
    return wouldLend ? [problem(lent, next, why, `pulumi config set ${weightKey(lent)} 0`)] : [];
  }
  if (live.split === undefined) return [];
  if (wouldLend && live.split[lent] === 0) {
    const allowed = `0: everyone was taken back to ${activeSlot}, and Pulumi was not told`;
    return [problem(lent, next, allowed, STEP)];
  }
  // A verb looks at the route itself before it moves anybody.
  const isReverted = split[activeSlot] === 100 && live.split[activeSlot] === 0;
  if (!isByHand(previous, next) || !isReverted || next.split[activeSlot] === 0) return [];
  const allowed = `${lent}: everyone was taken there, and Pulumi was not told`;
  return [problem(activeSlot, next, allowed, STEP)];
}

function problem(slot: Slot, next: StackConfig, allowed: string, mend: string): Problem {
  return slot === next.activeSlot
    ? { key: "activeSlot", got: slot, allowed, mend }
    : { key: weightKey(slot), got: String(next.split[slot]), allowed, mend };
}
