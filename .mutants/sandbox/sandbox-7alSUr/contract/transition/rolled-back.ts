import type { Problem } from "../checks/problem.ts";
import { otherSlot, type Slot, weightKey } from "../slot.ts";
import type { Split } from "../route/split.ts";
import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";
import { isManual } from "./step.ts";

/** The route as the load balancer has it now; undefined split: weights that are no whole percents. */
export type RouteReading =
  | { readonly readable: true; readonly split: Split | undefined }
  | { readonly readable: false; readonly why: string };

const STEP = "npx bluegreen step";

/**
 * Users whom an emergency write rolled back (a revert, the watchdog) while Pulumi could not be told. Pulumi's state says
 * that they are still there, so any update of the route would put them back, whatever it was meant to change.
 * `live`: undefined before the first update.
 */
export function rolledBackProblems(
  previous: Previous,
  next: StackConfig,
  live: RouteReading | undefined,
): readonly Problem[] {
  if (live === undefined) return [];
  const { activeSlot, split } = previous;
  const shifted = otherSlot(activeSlot);
  const wouldShift = split[shifted] > 0 && next.split[shifted] > 0;
  if (!live.readable) {
    const why = `0 as long as the route cannot be read (${live.why}): its users may have been rolled back`;
    return wouldShift ? [problem(shifted, next, why, `pulumi config set ${weightKey(shifted)} 0`)] : [];
  }
  if (live.split === undefined) return [];
  if (wouldShift && live.split[shifted] === 0) {
    const allowed = `0: everyone was rolled back to ${activeSlot}, and Pulumi was not told`;
    return [problem(shifted, next, allowed, STEP)];
  }
  // A verb looks at the route itself before it moves anybody.
  const isReverted = split[activeSlot] === 100 && live.split[activeSlot] === 0;
  if (!isManual(previous, next) || !isReverted || next.split[activeSlot] === 0) return [];
  const allowed = `${shifted}: everyone was taken there, and Pulumi was not told`;
  return [problem(activeSlot, next, allowed, STEP)];
}

function problem(slot: Slot, next: StackConfig, allowed: string, fix: string): Problem {
  return slot === next.activeSlot
    ? { key: "activeSlot", got: slot, allowed, fix }
    : { key: weightKey(slot), got: String(next.split[slot]), allowed, fix };
}
