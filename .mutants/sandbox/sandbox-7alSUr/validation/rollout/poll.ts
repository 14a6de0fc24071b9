import type { StackConfig } from "../../contract/config/stack-config.ts";

/** CloudWatch has new minutes of ALB's metrics and new states of alarms once a minute, so more checks see nothing new. */
export const AWS_POLL_MS = 60_000;
/** The local cloud costs nothing, and its clock may be fast. */
const LOCAL_POLL_MS = 5_000;

/** Time between two checks of a rollout, unless `--poll` says another, in the cloud's milliseconds. */
export const pollMsOf = ({ localCloud }: Pick<StackConfig, "localCloud">): number =>
  localCloud === undefined ? AWS_POLL_MS : LOCAL_POLL_MS;
