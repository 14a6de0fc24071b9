/**
 * What the agent counts, as `source: {from: agent, count: …}` names it: two metrics in its embedded-metric lines. A
 * stream whose client went away before it had ended is not among the streams, unless a fault came first.
 */
export const AGENT_COUNTS = {
  "cut-streams": { numerator: "CutStreams", denominator: "Streams" },
  "stalled-streams": { numerator: "StalledStreams", denominator: "Streams" },
  "empty-streams": { numerator: "EmptyStreams", denominator: "Streams" },
  /** Whatever of the three. */
  "broken-streams": { numerator: "BrokenStreams", denominator: "Streams" },
  "slow-first-tokens": { numerator: "SlowFirstTokens", denominator: "Streams" },
  /** 4xx by the agent's own count. */
  refusals: { numerator: "Refusals", denominator: "Answers" },
  /** What the model server itself counts as failed, from its Prometheus page. */
  "server-failures": { numerator: "ServerFailures", denominator: "ServerRequests" },
  "slow-server-answers": { numerator: "SlowServerAnswers", denominator: "ServerAnswers" },
  /** The same as `slow-first-tokens`, from the page of a server that counts them (vLLM). */
  "slow-server-first-tokens": { numerator: "SlowServerFirstTokens", denominator: "ServerFirstTokens" },
  /** Users with a failed answer among users. */
  "failed-users": { numerator: "FailedUsers", denominator: "Users" },
} as const;
export type AgentCount = keyof typeof AGENT_COUNTS;

/**
 * What the shadow counts. It is over when the candidate gets its first users, and a signal is compared from then on: so
 * none reads these, and the gate `shadow` does.
 */
export const SHADOW_COUNTS = {
  /**
   * Pairs of the active slot's answer to a user and the candidate's to the same request, counted by the active slot's
   * agent alone: they are compared with SHADOW_AGAIN's, not with the other slot's.
   */
  "shadow-disagreement": { numerator: "ShadowDisagreed", denominator: "ShadowPairs" },
  /** Shadow requests that the candidate answered with 5xx, too late, or not at all. */
  "shadow-failures": { numerator: "ShadowFailed", denominator: "ShadowRequests" },
  /** Sampled requests of which the full queue dropped the shadow. */
  "shadow-dropped": { numerator: "ShadowDropped", denominator: "ShadowSampled" },
} as const;

/** All pairs of metrics that the agent's lines may have. */
export const COUNTED_PAIRS: readonly { readonly numerator: string; readonly denominator: string }[] = [
  ...Object.values(AGENT_COUNTS),
  ...Object.values(SHADOW_COUNTS),
];

/**
 * Of the same ShadowPairs, in the same lines: pairs whose request the active model answered otherwise when it was
 * asked again, and those in which both differed. With ShadowDisagreed and ShadowPairs they make the table of four:
 * only the candidate: disagreed - both; only the second answer: self - both; neither: pairs - disagreed - self + both.
 */
export const SHADOW_AGAIN = { self: "ShadowSelfDisagreed", both: "ShadowBothDisagreed" } as const;

/**
 * Of the same ShadowPairs: those in which the candidate took clearly longer than the active model when it was asked again,
 * and those in which that one did.
 */
export const SHADOW_LATENCY = { slower: "ShadowSlower", faster: "ShadowFaster" } as const;

/**
 * Whether one answer to a request took clearly longer than another one to the same: more than one and a half times as
 * long, and 50 ms, because a way through the load balancer and a connection of its own are no model's doing. Milliseconds.
 */
export const isClearlySlower = (ms: number, otherMs: number): boolean => ms > 1.5 * otherMs + 50;

/**
 * Of the same ShadowRequests: those that neither the candidate nor, asked again, the active model answered. A pair is there
 * where both answered, so only the second answer failed in: requests - failed - pairs. What the active model refused when it
 * was asked again (ShadowRefusedAgain, which is no metric) is in none of these.
 */
export const SHADOW_BOTH_FAILED = "ShadowBothFailed";
