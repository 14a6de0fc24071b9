import type { AlarmQuery, CountOf } from "./define.ts";

export const onTargetGroup = (id: string, metricName: string, stat: string): AlarmQuery => ({
  id,
  metricName,
  stat,
  scope: "targetGroup",
});

/**
 * CloudWatch's statistic that counts the samples above a bound in seconds, which has at most ten decimals (CloudWatch
 * User Guide, "CloudWatch statistics definitions"). Response times are measured to the microsecond.
 */
export const trimmedCount = (seconds: number): string => `TC(${Number(seconds.toFixed(6))}:)`;

export const onService = (id: string, metricName: string, stat: string): AlarmQuery => ({
  id,
  metricName,
  stat,
  scope: "service",
});

/**
 * Three bad minutes, so that a single one of a healthy slot with little traffic rolls nobody back, anywhere in eight,
 * because CloudWatch may be five late: "CloudWatch attempts to retrieve a higher number of data points than the number
 * specified as Evaluation Periods" (CloudWatch User Guide, "Evaluating an alarm"), so at 300 s at least three of them
 * are there. ALB publishes each minute, so 60 s is the shortest honest period.
 */
export const EVERY_MINUTE = { periodSeconds: 60, datapointsToAlarm: 3, evaluationPeriods: 8 } as const;
export const JUDGED = { judges: true, pages: true } as const;

/**
 * Which minutes CloudWatch has. A minute in which it has nothing of the slot is missing to the alarms on rates, neither
 * good nor bad; one in which it has the hosts and no requests is quiet. `FILL` alone would make the newest minutes
 * quiet for ever: "the most recent minute never has data. In this case, FILL replaces that missing data point with the
 * requested value", and the alarm can be "stuck in either OK state or ALARM state" (CloudWatch User Guide, "Using metric
 * math"). The hosts are reported "if there are registered targets", or with the load balancer's requests (ELB guide,
 * which says both): under either, a slot with users has them. Where they come before the requests do, up to five of the
 * eight minutes look quiet, and three bad ones are still among them.
 */
export const PUBLISHED: AlarmQuery = onTargetGroup("healthy", "HealthyHostCount", "Maximum");
export const wherePublished = (rate: string) => `IF(healthy >= 0, ${rate})`;

/** Every answer of a target, by its class. */
export const ANSWERS: readonly AlarmQuery[] = [
  onTargetGroup("ok", "HTTPCode_Target_2XX_Count", "Sum"),
  onTargetGroup("redirects", "HTTPCode_Target_3XX_Count", "Sum"),
  onTargetGroup("refusals", "HTTPCode_Target_4XX_Count", "Sum"),
  onTargetGroup("errors", "HTTPCode_Target_5XX_Count", "Sum"),
];
export const GOOD_ANSWERS = "FILL(ok, 0) + FILL(redirects, 0) + FILL(refusals, 0)";
export const FAILURES = "FILL(errors, 0) + FILL(refused, 0)";

/** All of them, of a minute. */
export const answersOf = (of: CountOf): number => of("ok") + of("redirects") + of("refusals") + of("errors");
