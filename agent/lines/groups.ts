import {
  COUNTED_PAIRS,
  SHADOW_AGAIN,
  SHADOW_BOTH_FAILED,
  SHADOW_LATENCY,
} from "../../contract/signals/agent-counts.ts";

/** Metrics that one line has together: a denominator, and the numerators that count among it. */
export interface CountGroup {
  readonly denominator: string;
  readonly numerators: readonly string[];
}

function groupOf(denominator: string, others: readonly string[] = []): CountGroup {
  const own = COUNTED_PAIRS.filter((count) => count.denominator === denominator);
  return { denominator, numerators: [...own.map(({ numerator }) => numerator), ...others] };
}

export const STREAMS = groupOf("Streams");
export const ANSWERS = groupOf("Answers");
export const USERS = groupOf("Users");
export const SHADOW_PAIRS = groupOf("ShadowPairs", [
  ...Object.values(SHADOW_AGAIN),
  ...Object.values(SHADOW_LATENCY),
]);
export const SHADOW_REQUESTS = groupOf("ShadowRequests", [SHADOW_BOTH_FAILED]);
export const SHADOW_SAMPLED = groupOf("ShadowSampled");
