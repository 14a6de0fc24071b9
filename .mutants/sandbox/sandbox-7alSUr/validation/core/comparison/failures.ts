import type { Count } from "./counts.ts";
import type { RawCounts } from "./data.ts";
import { unansweredOf } from "./unanswered.ts";

/** Counts of one slot's minutes, oldest first, as events among requests. */
export type Counting = (minutes: readonly RawCounts[]) => readonly Count[];

/** Everything that users did not get: 5xx answers, and requests without any answer. */
export const failures: Counting = (minutes) => {
  const unanswered = unansweredOf(minutes);
  return minutes.map(({ requests, errors }, index) => ({
    exposure: requests,
    events: errors + (unanswered[index] ?? 0),
  }));
};

/**
 * What only the slot itself can have done: 5xx answers, and requests for which no task took the connection. They are
 * counted among what was answered, so a client that closes its connections adds to neither number.
 * ELB guide, CloudWatch metrics: TargetConnectionErrorCount is "the number of connections that were not successfully
 * established between the load balancer and target"; one request may try several, so it proves no more requests than
 * went unanswered.
 */
export const faults: Counting = (minutes) => {
  const unanswered = unansweredOf(minutes);
  return minutes.map(({ answered, errors, refused }, index) => {
    const events = errors + Math.min(refused, unanswered[index] ?? 0);
    return { exposure: answered + events, events };
  });
};

/** Answers that tell the client that it is wrong, among all answers: a client that does not wait for one adds to neither. */
export const clientErrors: Counting = (minutes) =>
  minutes.map(({ answered, refusals, errors }) => ({ exposure: answered + errors, events: refusals }));

/**
 * Answers that are neither a success nor a failure: a model that refuses or sends elsewhere what the former one took
 * serves its users no better than one that breaks.
 */
export const neitherNor: Counting = (minutes) =>
  minutes.map(({ answered, redirects, refusals, errors }) => ({
    exposure: answered + errors,
    events: redirects + refusals,
  }));

/**
 * Requests without an answer. A model that hangs and a client that gave up look the same here: ELB guide,
 * troubleshooting, HTTP 460: "the client closed the connection with the load balancer before the idle timeout period
 * elapsed"; its access log names the chosen target and no status of it, and RequestCount counts every request "where
 * the load balancer node was able to choose a target".
 */
export const unanswered: Counting = (minutes) => {
  const events = unansweredOf(minutes);
  return minutes.map(({ requests }, index) => ({ exposure: requests, events: events[index] ?? 0 }));
};
