import { perSlot, type PerSlot, type Slot } from "../slot.ts";

/** Shares of production traffic in whole percent; they sum to 100. */
export type Split = PerSlot<number>;

/** The split in which `active` shifts `shiftedPercent` (0-100) to the other slot. */
export function splitOf(active: Slot, shiftedPercent: number): Split {
  if (!Number.isInteger(shiftedPercent) || shiftedPercent < 0 || shiftedPercent > 100) {
    throw new RangeError(`a share is a whole percent from 0 to 100, got ${shiftedPercent}`);
  }
  return perSlot((slot) => (slot === active ? 100 - shiftedPercent : shiftedPercent));
}

export function sameSplit(a: Split, b: Split): boolean {
  return a.blue === b.blue && a.green === b.green;
}

/** "blue 90 % · green 10 %", the form in which every part of the product shows a split. */
export function showSplit(split: Split): string {
  return `blue ${split.blue} % · green ${split.green} %`;
}

/**
 * The split that a pair of listener weights means. Weights are relative (ELB API: 0-999), so 9/1 is 90/10;
 * undefined when they sum to 0 or do not come out at whole percents.
 */
export function splitFromWeights(weights: PerSlot<number>): Split | undefined {
  const sum = weights.blue + weights.green;
  if (sum === 0) return undefined;
  const hundredfold = weights.blue * 100;
  if (hundredfold % sum !== 0) return undefined;
  return { blue: hundredfold / sum, green: 100 - hundredfold / sum };
}
