import type { CreateTargetGroupInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { notSimulated } from "../../aws-api/errors.ts";
import type { HealthCheck } from "../model.ts";
import { integerIn, simulatedOnly, validationError } from "./input.ts";

/** The members of CreateTargetGroup and ModifyTargetGroup about health checks. */
export const HEALTH_CHECK_MEMBERS = [
  "HealthCheckProtocol",
  "HealthCheckPort",
  "HealthCheckEnabled",
  "HealthCheckPath",
  "HealthCheckIntervalSeconds",
  "HealthCheckTimeoutSeconds",
  "HealthyThresholdCount",
  "UnhealthyThresholdCount",
  "Matcher",
] as const;

type Input = Pick<CreateTargetGroupInput, (typeof HEALTH_CHECK_MEMBERS)[number]>;

/** ELB API, CreateTargetGroup: defaults of an HTTP target group (the time-out as the ELB guide has it). */
const DEFAULTS: HealthCheck = {
  path: "/",
  port: "traffic-port",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: "200",
};

/** The settings after applying what is given to what is there. Throws the service's errors. */
export function healthCheckFrom(input: Input, current: HealthCheck = DEFAULTS): HealthCheck {
  simulatedOnly("health check protocol", input.HealthCheckProtocol, ["HTTP"]);
  if (input.HealthCheckEnabled === false)
    throw notSimulated("Elastic Load Balancing", "target group without health checks");
  const next: HealthCheck = {
    path: input.HealthCheckPath ?? current.path,
    port: input.HealthCheckPort ?? current.port,
    intervalSeconds: integerIn(
      "Health check interval",
      input.HealthCheckIntervalSeconds,
      5,
      300,
      current.intervalSeconds,
    ),
    timeoutSeconds: integerIn(
      "Health check timeout",
      input.HealthCheckTimeoutSeconds,
      2,
      120,
      current.timeoutSeconds,
    ),
    healthyThreshold: integerIn(
      "Healthy threshold count",
      input.HealthyThresholdCount,
      2,
      10,
      current.healthyThreshold,
    ),
    unhealthyThreshold: integerIn(
      "Unhealthy threshold count",
      input.UnhealthyThresholdCount,
      2,
      10,
      current.unhealthyThreshold,
    ),
    matcher: matcherFrom(input.Matcher, current.matcher),
  };
  if (!next.path.startsWith("/") || next.path.length > 1024)
    throw validationError(
      `Health check path '${next.path}' must start with a '/' and have at most 1024 characters`,
    );
  if (next.port !== "traffic-port") integerIn("Health check port", Number(next.port), 1, 65_535);
  if (next.timeoutSeconds >= next.intervalSeconds)
    throw validationError(
      `Health check timeout '${next.timeoutSeconds}' must be smaller than the interval '${next.intervalSeconds}'`,
    );
  return next;
}

/** ELB API, Matcher: codes from 200 to 499, as a list ("200,202") or a range ("200-299"). */
function matcherFrom(matcher: Input["Matcher"], current: string): string {
  if (matcher === undefined) return current;
  if (matcher.GrpcCode !== undefined) throw notSimulated("Elastic Load Balancing", "Matcher GrpcCode");
  const codes = matcher.HttpCode ?? "";
  const valid =
    /^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(codes) &&
    codes.split(/[,-]/).every((code) => Number(code) >= 200 && Number(code) <= 499);
  if (!valid)
    throw validationError(
      `Health check matcher HTTP code '${codes}' must be codes from 200 to 499, such as '200,202' or '200-299'`,
    );
  return codes;
}
