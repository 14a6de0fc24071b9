import { JUDGING_ALARM_KEYS } from "./alarm-catalog.ts";

/** Names of the built-in gates, as reports, evidence and `rollout.dryRun` have them. */
export const GATE_NAMES = [
  "minimum-requests",
  "comparison",
  "unanswered",
  "client-errors",
  "sample-ratio",
  ...JUDGING_ALARM_KEYS,
  "target-health",
  "running",
  "baseline",
] as const;
