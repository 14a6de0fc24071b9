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

/** Health of a registered target of a group in use, as its health checks see it. */
export type Health =
  | { readonly state: "initial"; readonly probed: boolean; readonly failures: number }
  | { readonly state: "healthy"; readonly failures: number }
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
}

export const NEW_TARGET: Health = { state: "initial", probed: false, failures: 0 };

/** The health after one more check. */
export function afterProbe(health: Health, result: ProbeResult, thresholds: HealthThresholds): Health {
  if (result.pass) {
    if (health.state !== "unhealthy") {
      // ELB guide, health checks: a new target becomes healthy after one successful check, whatever the threshold.
      return { state: "healthy", failures: 0 };
    }
    const passes = health.passes + 1;
    return passes >= thresholds.healthyThreshold ? { state: "healthy", failures: 0 } : { ...health, passes };
  }
  const { reason, description } = result;
  if (health.state === "unhealthy") return { state: "unhealthy", passes: 0, reason, description };
  const failures = health.failures + 1;
  if (failures >= thresholds.unhealthyThreshold)
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
