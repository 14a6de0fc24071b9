import { integer, isRecord } from "../config/field.ts";

/** Users went back, and the release stayed open. */
export interface Retreat {
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  /** The share in percent that it gave back. */
  readonly from: number;
  readonly reason: string;
  /** A person has let it go on since. */
  readonly seen?: true | undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const share = integer({ min: 1, max: 100 }, 1, "");

/** undefined: it is none. */
export function readRetreat(raw: unknown): Retreat | undefined {
  if (!isRecord(raw)) return undefined;
  const { at, from: percent, reason, seen } = raw;
  const from = share.read(percent)?.value;
  if (typeof at !== "string" || !TIME.test(at) || from === undefined || typeof reason !== "string")
    return undefined;
  const value = { at, from, reason };
  return seen === true ? { ...value, seen } : value;
}

/** Where a candidate goes on that gave `from` percent back: one step lower, at the first step with half its share. */
export function resumeShare(steps: readonly number[], from: number): number {
  const first = steps[0] ?? 100;
  return steps.findLast((step) => step < from) ?? Math.max(1, Math.floor(first / 2));
}

/**
 * Whether a release has the first users that it ever had, or the first after it had given them back: then what an alarm
 * says may still be of before.
 */
export function isFirstShare(
  steps: readonly number[],
  { weight, retreats }: { readonly weight: number; readonly retreats: readonly Retreat[] },
): boolean {
  const last = retreats.at(-1);
  return weight <= (steps[0] ?? 100) || (last !== undefined && weight === resumeShare(steps, last.from));
}
