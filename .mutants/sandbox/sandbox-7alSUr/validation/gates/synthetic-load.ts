import { notApplicable, type Assessment } from "../core/assessment.ts";

/** Requests that a rollout has sent itself, and how many of them were not answered well. */
export interface SyntheticCount {
  readonly sent: number;
  readonly failed: number;
}

/** Names the synthetic requests beside the gates, which count them with the users' own: it judges nothing. */
export function syntheticNote({ sent, failed }: SyntheticCount): Assessment {
  const reason = `${sent} synthetic requests sent to both slots, ${failed} failed; they are no users`;
  return { gate: "synthetic-load", about: "candidate", answer: notApplicable(reason, { sent, failed }) };
}
