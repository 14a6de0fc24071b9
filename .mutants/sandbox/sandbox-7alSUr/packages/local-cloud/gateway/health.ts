/** What one health check found. Reasons and descriptions are those of DescribeTargetHealth. */
export type ProbeResult =
  | { readonly pass: true }
  | { readonly pass: false; readonly reason: HealthReason; readonly description: string };

export type HealthReason =
  | "Target.ResponseCodeMismatch"
  | "Target.Timeout"
  | "Target.FailedHealthChecks"
  | "Elb.RegistrationInProgress"
  | "Elb.InitialHealthChecking"
  | "Target.NotInUse"
  | "Target.NotRegistered"
  | "Target.DeregistrationInProgress";

/** Failed checks in a row, and when (virtual epoch milliseconds) the first of them was known. */
export interface Failures {
  readonly count: number;
  readonly sinceMs: number;
}

/** Health of a registered target of a group in use, as its health checks see it. */
export type Health =
  | { readonly state: "initial"; readonly probed: boolean; readonly failures: Failures }
  | { readonly state: "healthy"; readonly failures: Failures }
  | {
      readonly state: "unhealthy";
      readonly passes: number;
      readonly reason: HealthReason;
      readonly description: string;
    };

export interface HealthThresholds {
  /** Consecutive passes that make an unhealthy target healthy. */
  readonly healthyThreshold: number;
  /** Consecutive failures that make a target unhealthy. */
  readonly unhealthyThreshold: number;
  /** Virtual milliseconds that the failures must span besides. */
  readonly minFailingMs: number;
}

const NO_FAILURES: Failures = { count: 0, sinceMs: 0 };
const HEALTHY: Health = { state: "healthy", failures: NO_FAILURES };

export const NEW_TARGET: Health = { state: "initial", probed: false, failures: NO_FAILURES };

const MIN_FAILING_REAL_MS = 1500;

/**
 * `minFailingMs` on a clock of this speed: at least 1.5 real seconds. At AWS's own speed that goes without saying: its
 * shortest interval is 5 seconds and its smallest threshold 2. A fast clock puts these checks milliseconds apart,
 * where a single stall of a busy machine would fail all of them.
 */
export function minFailingMs(speed: number): number {
  return speed > 1 ? MIN_FAILING_REAL_MS * speed : 0;
}

/** The health after one more check, whose result was known at `nowMs` (virtual). */
export function afterProbe(
  health: Health,
  result: ProbeResult,
  thresholds: HealthThresholds,
  nowMs: number,
): Health {
  if (result.pass) {
    // ELB guide, health checks: a new target becomes healthy after one successful check, whatever the threshold.
    if (health.state !== "unhealthy") return HEALTHY;
    const passes = health.passes + 1;
    return passes >= thresholds.healthyThreshold ? HEALTHY : { ...health, passes };
  }
  const { reason, description } = result;
  if (health.state === "unhealthy") return { state: "unhealthy", passes: 0, reason, description };
  const failures: Failures =
    health.failures.count === 0
      ? { count: 1, sinceMs: nowMs }
      : { ...health.failures, count: health.failures.count + 1 };
  if (failures.count >= thresholds.unhealthyThreshold && nowMs - failures.sinceMs >= thresholds.minFailingMs)
    return { state: "unhealthy", passes: 0, reason, description };
  return health.state === "initial"
    ? { state: "initial", probed: true, failures }
    : { state: "healthy", failures };
}

/** Whether a status is among ELB's matcher codes: `200`, `200,202` or `200-299`. */
export function matchesCodes(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [from, to = from] = part.split("-");
    return Number(from) <= status && status <= Number(to);
  });
}
