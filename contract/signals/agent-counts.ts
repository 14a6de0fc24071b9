/**
 * What the agent counts, as `source: {from: agent, count: …}` names it: two metrics in its embedded-metric lines. A
 * stream whose client went away is neither cut nor whole: it is not among the streams.
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
  /** Users with a failed answer among users. */
  "failed-users": { numerator: "FailedUsers", denominator: "Users" },
} as const;
export type AgentCount = keyof typeof AGENT_COUNTS;
