import { setTimeout as realSleep } from "node:timers/promises";
import type { Predict } from "./faults.ts";

/** Long beside the model's own milliseconds, also on a busy machine; short beside the patience of a test. */
const COLD_MS = 300;

/**
 * `predict` as a process has it that loads weights and fills caches by its first requests: so many of them are answered
 * right and late. That is no fault; `rollout` sends them itself, before there is a user.
 */
export function coldFor(
  requestsArgument: string,
  predict: Predict,
  sleep: (delayMs: number) => Promise<unknown> = realSleep,
): Predict {
  const requests = Number(requestsArgument);
  if (!Number.isInteger(requests) || requests < 1) {
    throw new Error(`--cold takes a whole number of requests from 1, not "${requestsArgument}"`);
  }
  let begun = 0;
  return async (features) => {
    begun += 1;
    if (begun <= requests) await sleep(COLD_MS);
    return predict(features);
  };
}
