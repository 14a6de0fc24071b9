import type { Counts } from "../arm.ts";
import type { Random } from "../random.ts";
import { binomial, cached, samplerOf } from "../samplers.ts";
import { SLOW_90, SLOW_99 } from "../arm.ts";

/** What a slot, or its part in one zone, did in one minute. */
export interface SlotMinute extends Counts {
  /** Requests that never got an answer; they are no part of `failed`, which are 5xx. */
  unanswered: number;
}

export const nothing = (): SlotMinute => ({ requests: 0, failed: 0, slow90: 0, slow99: 0, unanswered: 0 });

const COUNTED = ["failed", "slow90", "slow99", "unanswered"] as const;

export function addTo(into: SlotMinute, { requests, failed, slow90, slow99, unanswered }: SlotMinute): void {
  into.requests += requests;
  into.failed += failed;
  into.slow90 += slow90;
  into.slow99 += slow99;
  into.unanswered += unanswered;
}

const tables = cached((part) => cached((trials) => samplerOf(binomial(trials, part))));

/** How many of `trials` happen, each with this probability; probabilities should be few, each has its tables. */
export const drawn = (random: Random, trials: number, part: number): number => tables(part)(trials)(random);

/** How many happen, for a probability that is not asked for again. */
export function drawnOnce(random: Random, trials: number, part: number): number {
  let happened = 0;
  for (let trial = 0; trial < trials; trial++) happened += random() < part ? 1 : 0;
  return happened;
}

/** Answers of so many requests of which so many failed. */
export function answersOf(random: Random, requests: number, failed: number): SlotMinute {
  const slow90 = drawn(random, requests - failed, SLOW_90);
  return { requests, failed, slow90, slow99: drawn(random, slow90, SLOW_99 / SLOW_90), unanswered: 0 };
}

/** A slot's minute as the load balancer spreads it over zones, whoever sent it. */
export function spreadOver(random: Random, slot: SlotMinute, zones: number): readonly SlotMinute[] {
  const rest = { ...slot };
  return Array.from({ length: zones }, (_, index) => {
    const part = 1 / (zones - index);
    if (part === 1) return { ...rest };
    const [failed, unanswered] = [drawn(random, rest.failed, part), drawn(random, rest.unanswered, part)];
    const slow99 = drawn(random, rest.slow99, part);
    const slow90 = slow99 + drawn(random, rest.slow90 - rest.slow99, part);
    const fast = rest.requests - rest.failed - rest.unanswered - rest.slow90;
    const requests = failed + unanswered + slow90 + drawn(random, fast, part);
    const zone = { requests, failed, slow90, slow99, unanswered };
    rest.requests -= requests;
    for (const name of COUNTED) rest[name] -= zone[name];
    return zone;
  });
}
