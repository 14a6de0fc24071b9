import { request } from "undici";
import type { Agent } from "undici";
import type { Clock } from "../clock.ts";
import { matchesCodes } from "./health.ts";
import type { ProbeResult } from "./health.ts";
import type { HealthCheck } from "./model.ts";

const TIMED_OUT: ProbeResult = { pass: false, reason: "Target.Timeout", description: "Request timed out" };
const FAILED: ProbeResult = {
  pass: false,
  reason: "Target.FailedHealthChecks",
  description: "Health checks failed",
};

/** One HTTP health check. The time-out is real time, as every I/O of the local cloud. Never throws. */
export async function probe(
  agent: Agent,
  origin: string,
  check: Pick<HealthCheck, "path" | "timeoutSeconds" | "matcher">,
): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(check.timeoutSeconds * 1000);
  try {
    const { statusCode, body } = await request(`${origin}${check.path}`, {
      dispatcher: agent,
      signal,
      // A connection of its own each time: a kept one would not notice that nobody accepts new ones any more.
      reset: true,
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
    });
    await body.dump();
    if (matchesCodes(check.matcher, statusCode)) return { pass: true };
    return {
      pass: false,
      reason: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${statusCode}]`,
    };
  } catch {
    // Whatever went wrong with the connection, it is the check's answer: the target did not pass.
    return signal.aborted ? TIMED_OUT : FAILED;
  }
}

/**
 * Checks a target now and then every interval of virtual time, until the returned function is called. A check that
 * falls due while one is still under way (its time-out is real time, and the clock may be fast) follows right after.
 * The settings are read anew each time.
 */
export function startProbing(options: {
  clock: Clock;
  agent: Agent;
  /** The target's origin, for example `http://127.0.0.1:4001`. */
  origin: () => string;
  check: () => HealthCheck;
  onResult: (result: ProbeResult) => void;
}): () => void {
  let stopped = false;
  let underWay = false;
  let due = false;
  let cancelTimer = () => {};

  const run = async () => {
    underWay = true;
    while (due) {
      due = false;
      const result = await probe(options.agent, options.origin(), options.check());
      if (!stopped) options.onResult(result);
    }
    underWay = false;
  };
  const tick = () => {
    cancelTimer = options.clock.after(options.check().intervalSeconds * 1000, tick);
    due = true;
    if (!underWay) void run();
  };
  tick();
  return () => {
    stopped = true;
    due = false;
    cancelTimer();
  };
}
