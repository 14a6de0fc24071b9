import type { Thresholds } from "../config/sections.ts";

/** What a metric of the catalogue is measured on: a slot's production target group, or its service. */
export type MetricScope = "targetGroup" | "service";

/** One query of an alarm, in CloudWatch's terms. */
export type AlarmQuery =
  | { readonly id: string; readonly metricName: string; readonly stat: string; readonly scope: MetricScope }
  | { readonly id: string; readonly expression: string };

export interface AlarmSpec {
  /** A sentence about what it watches, for people and for the alarm's description. */
  readonly title: string;
  /** Why it is built this way. */
  readonly why: string;
  readonly thresholdKey: keyof Thresholds | undefined;
  readonly threshold: (thresholds: Thresholds) => number;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly periodSeconds: number;
  /** M of N: this many of the last `evaluationPeriods` points must breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: "notBreaching" | "breaching" | "missing";
  /** Outside of this the alarm is not applicable: neither healthy nor failing. */
  readonly appliesWhen: { readonly share: boolean };
  /**
   * Whether only the slot itself can bring it about. `false`: clients that give up do so, too, and no metric of a target
   * group tells which it was, so it alone rolls nobody back while clients can choose the slot (docs/decision.md).
   */
  readonly proves: boolean;
  /** Whether the gates ask it, of the candidate and of the active slot. */
  readonly judges: boolean;
  /** Whether the slot's composite names it, which pages and calls the watchdog. */
  readonly pages: boolean;
  /** The last query is the one that is compared with the threshold. */
  readonly queries: (thresholds: Thresholds) => readonly AlarmQuery[];
}

const onTargetGroup = (id: string, metricName: string, stat: string): AlarmQuery => ({
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

const onService = (id: string, metricName: string, stat: string): AlarmQuery => ({
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
const EVERY_MINUTE = { periodSeconds: 60, datapointsToAlarm: 3, evaluationPeriods: 8 } as const;
const JUDGED = { judges: true, pages: true } as const;

/**
 * Which minutes CloudWatch has. A minute in which it has nothing of the slot is missing to the alarms on rates, neither
 * good nor bad; one in which it has the hosts and no requests is quiet. `FILL` alone would make the newest minutes
 * quiet for ever: "the most recent minute never has data. In this case, FILL replaces that missing data point with the
 * requested value", and the alarm can be "stuck in either OK state or ALARM state" (CloudWatch User Guide, "Using metric
 * math"). The hosts are reported "if there are registered targets", or with the load balancer's requests (ELB guide,
 * which says both): under either, a slot with users has them. Where they come before the requests do, up to five of the
 * eight minutes look quiet, and three bad ones are still among them.
 */
const PUBLISHED: AlarmQuery = onTargetGroup("healthy", "HealthyHostCount", "Maximum");
const wherePublished = (rate: string) => `IF(healthy >= 0, ${rate})`;

/** Every answer of a target, by its class. */
const ANSWERS: readonly AlarmQuery[] = [
  onTargetGroup("ok", "HTTPCode_Target_2XX_Count", "Sum"),
  onTargetGroup("redirects", "HTTPCode_Target_3XX_Count", "Sum"),
  onTargetGroup("refusals", "HTTPCode_Target_4XX_Count", "Sum"),
  onTargetGroup("errors", "HTTPCode_Target_5XX_Count", "Sum"),
];
const GOOD_ANSWERS = "FILL(ok, 0) + FILL(redirects, 0) + FILL(refusals, 0)";
const FAILURES = "FILL(errors, 0) + FILL(refused, 0)";

/**
 * The alarms that each slot has. The single source for the Pulumi program, for validation and for the documents.
 */
export const ALARM_CATALOG = {
  "error-rate": {
    ...EVERY_MINUTE,
    ...JUDGED,
    title: "share of answers that were 5xx, and of connections that the tasks refused",
    why: "What the slot did itself, so that nobody outside can bring it about by closing connections: 5xx answers, and connections that no task took. Counted among the answers of the same minute: requests that were given up make it neither greater nor smaller, and how long an answer took does not matter.",
    thresholdKey: "maxErrorRate",
    threshold: ({ maxErrorRate }) => maxErrorRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: true },
    proves: true,
    queries: ({ minRequestsPerMinute }) => [
      ...ANSWERS,
      onTargetGroup("refused", "TargetConnectionErrorCount", "Sum"),
      PUBLISHED,
      {
        id: "rate",
        expression: wherePublished(
          `IF(${GOOD_ANSWERS} + ${FAILURES} >= ${minRequestsPerMinute}, (${FAILURES}) / (${GOOD_ANSWERS} + ${FAILURES}), 0)`,
        ),
      },
    ],
  },
  "unanswered-rate": {
    ...EVERY_MINUTE,
    ...JUDGED,
    title: "share of requests that got no answer: the model hangs or dies, or the client gave up",
    why: "The load balancer's own 502 and 504 carry no target group, and neither does its 460 for a client that left, so a crash in mid-request shows only as a request without an answer: requests minus answers of the same minute. Where answers take minutes, a rise of the traffic shows as long as an answer takes.",
    thresholdKey: "maxErrorRate",
    threshold: ({ maxErrorRate }) => maxErrorRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: true },
    proves: false,
    queries: ({ minRequestsPerMinute }) => [
      onTargetGroup("requests", "RequestCount", "Sum"),
      ...ANSWERS,
      PUBLISHED,
      {
        id: "rate",
        expression: wherePublished(
          `IF(FILL(requests, 0) >= ${minRequestsPerMinute}, (requests - (${GOOD_ANSWERS} + FILL(errors, 0))) / requests, 0)`,
        ),
      },
    ],
  },
  "slow-rate": {
    ...EVERY_MINUTE,
    ...JUDGED,
    title: "share of requests whose answer began late",
    why: "A count of slow requests is exact at any traffic; a p99 needs 1,000 samples in the period before it means anything.",
    thresholdKey: "maxSlowRate",
    threshold: ({ maxSlowRate }) => maxSlowRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: true },
    proves: true,
    queries: ({ minRequestsPerMinute, slowSeconds }) => [
      onTargetGroup("answers", "TargetResponseTime", "SampleCount"),
      onTargetGroup("slow", "TargetResponseTime", trimmedCount(slowSeconds)),
      PUBLISHED,
      {
        id: "rate",
        expression: wherePublished(
          `IF(FILL(answers, 0) >= ${minRequestsPerMinute}, FILL(slow, 0) / answers, 0)`,
        ),
      },
    ],
  },
  "healthy-hosts": {
    ...EVERY_MINUTE,
    judges: true,
    // A slot that starts has none for a while, too: see out-of-service.
    pages: false,
    title: "number of healthy tasks",
    why: "A slot without a healthy task answers nothing that the other alarms could count. The greatest number of a minute: each zone's load balancer node reports its own, and one without a target must not look like a slot without.",
    thresholdKey: undefined,
    threshold: () => 1,
    comparison: "LessThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: false },
    proves: true,
    queries: () => [PUBLISHED],
  },
  "out-of-service": {
    periodSeconds: 60,
    // All of seven: CloudWatch looks back further than that, so with it five minutes late some are known.
    datapointsToAlarm: 7,
    evaluationPeriods: 7,
    judges: false,
    pages: true,
    title: "number of healthy tasks, for seven minutes",
    why: "A slot that should run has no healthy task, or nothing is heard of any: no data is bad here, and it is only when a whole window has neither. It is made when the slot gets tasks, and warms up for as long as they may take to start, so that a slot that starts pages nobody.",
    thresholdKey: undefined,
    threshold: () => 1,
    comparison: "LessThanThreshold",
    treatMissingData: "breaching",
    appliesWhen: { share: false },
    proves: true,
    queries: () => [PUBLISHED],
  },
  cpu: {
    ...EVERY_MINUTE,
    ...JUDGED,
    title: "average CPU utilisation of the tasks",
    why: "A slot near saturation will be slow at the next step; the metric is published as long as tasks run, so a gap stays what it was.",
    thresholdKey: "maxCpuUtilization",
    threshold: ({ maxCpuUtilization }) => maxCpuUtilization,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: false },
    proves: true,
    queries: () => [onService("cpu", "CPUUtilization", "Average")],
  },
  memory: {
    ...EVERY_MINUTE,
    ...JUDGED,
    title: "average memory utilisation of the tasks",
    why: "Models grow with every version; at 100 % ECS kills the task.",
    thresholdKey: "maxMemoryUtilization",
    threshold: ({ maxMemoryUtilization }) => maxMemoryUtilization,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    appliesWhen: { share: false },
    proves: true,
    queries: () => [onService("memory", "MemoryUtilization", "Average")],
  },
} as const satisfies Readonly<Record<string, AlarmSpec>>;

export type AlarmKey = keyof typeof ALARM_CATALOG;
// Object.keys is typed as string[]; the catalogue is constant, so its keys are exactly AlarmKey.
export const ALARM_KEYS = Object.keys(ALARM_CATALOG) as readonly AlarmKey[];

export function alarmSpec(key: AlarmKey): AlarmSpec {
  return ALARM_CATALOG[key];
}

/** The alarms that the gates ask; the others only page. */
export const JUDGING_ALARM_KEYS = ALARM_KEYS.filter((key) => alarmSpec(key).judges);

/** Alarms that stacks of before do not have until their next update, and a slot that is scaled to zero never has. */
export const LATER_ALARM_KEYS = ["unanswered-rate", "out-of-service"] as const satisfies readonly AlarmKey[];

/**
 * How far back an alarm may look, in milliseconds. Only for N = 3 AWS says how many points it retrieves (5); for others
 * the formula is LocalStack's, and one period more is for those that may have just begun.
 */
export function alarmRangeMs({ evaluationPeriods, periodSeconds }: AlarmSpec): number {
  return (evaluationPeriods + Math.max(Math.floor(evaluationPeriods / 3), 2) + 1) * periodSeconds * 1000;
}
