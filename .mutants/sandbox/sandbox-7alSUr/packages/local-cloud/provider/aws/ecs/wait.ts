import { setTimeout as delay } from "node:timers/promises";
import type { Properties } from "../../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../../shape.ts";

/** Waits this many real milliseconds: processes start and stop in real time. */
export type Pause = (ms: number) => Promise<void>;

/** It keeps no process alive: a cloud that is stopped meanwhile has nobody left to answer. */
export const realPause: Pause = (ms) => delay(ms, undefined, { ref: false });

const POLL_MS = 200;
// Real time, and less than the 300 s after which `fetch` gives up on an answer.
const BOUND_MS = 240_000;

type Find = () => Promise<Properties | undefined>;

/**
 * Waits until the service has one deployment, with all its tasks running: what the AWS provider calls a steady state,
 * also after a circuit breaker rolled back. Throws when the deployment failed for good, or after four minutes.
 */
export async function steady(find: Find, pause: Pause): Promise<void> {
  for (let waitedMs = 0; waitedMs <= BOUND_MS; waitedMs += POLL_MS) {
    const service = await find();
    if (service === undefined) throw new Error("the service went away before it reached a steady state");
    const deployments = members(service["deployments"]).map(asProperties);
    const [primary, second] = deployments;
    const running = service["runningCount"] === service["desiredCount"];
    if (second === undefined && running && primary?.["rolloutState"] !== "FAILED") return;
    if (second === undefined && primary?.["rolloutState"] === "FAILED")
      throw new Error(`the service did not reach a steady state: ${String(primary["rolloutStateReason"])}`);
    await pause(POLL_MS);
  }
  throw new Error(`the service did not reach a steady state within ${BOUND_MS / 1000} seconds`);
}

/** Waits until the service is gone. Throws after four minutes. */
export async function gone(find: Find, pause: Pause): Promise<void> {
  for (let waitedMs = 0; waitedMs <= BOUND_MS; waitedMs += POLL_MS) {
    if ((await find()) === undefined) return;
    await pause(POLL_MS);
  }
  throw new Error(`the service still drains after ${BOUND_MS / 1000} seconds`);
}
