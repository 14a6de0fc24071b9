import type { Thresholds } from "./sections.ts";

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
   * group tells which it was, so it alone takes nobody back while clients can choose the slot (docs/decision.md).
   */
  readonly proves: boolean;
  /** The last query is the one that is compared with the threshold. */
  readonly queries: (thresholds: Thresholds) => readonly AlarmQuery[];
}

const onTargetGroup = (id: string, metricName: string, stat: string): AlarmQuery => ({
  id,
  metricName,
  stat,
  scope: "targetGroup",
});
const onService = (id: string, metricName: string, stat: string): AlarmQuery => ({
  id,
  metricName,
  stat,
  scope: "service",
});

// ALB publishes each minute, so 60 s is the shortest honest period. Three of five: a single bad minute of a
// healthy slot with little traffic must not take users back.
const EVERY_MINUTE = { periodSeconds: 60, datapointsToAlarm: 3, evaluationPeriods: 5 } as const;

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
    title: "share of answers that were 5xx, and of connections that the tasks refused",
    why: "What the slot did itself, so that nobody outside can bring it about by closing connections: 5xx answers, and connections that no task took. Counted among answers: requests that were given up make it neither greater nor smaller.",
    thresholdKey: "maxErrorRate",
    threshold: ({ maxErrorRate }) => maxErrorRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    appliesWhen: { share: true },
    proves: true,
    queries: ({ minRequestsPerMinute }) => [
      ...ANSWERS,
      onTargetGroup("refused", "TargetConnectionErrorCount", "Sum"),
      {
        id: "rate",
        expression: `IF(${GOOD_ANSWERS} + ${FAILURES} >= ${minRequestsPerMinute}, (${FAILURES}) / (${GOOD_ANSWERS} + ${FAILURES}), 0)`,
      },
    ],
  },
  "unanswered-rate": {
    ...EVERY_MINUTE,
    title: "share of requests that got no answer: the model hangs or dies, or the client gave up",
    why: "The load balancer's own 502 and 504 carry no target group, and neither does its 460 for a client that left, so a crash in mid-request shows only as a request without an answer: requests minus answers.",
    thresholdKey: "maxErrorRate",
    threshold: ({ maxErrorRate }) => maxErrorRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    appliesWhen: { share: true },
    proves: false,
    queries: ({ minRequestsPerMinute }) => [
      onTargetGroup("requests", "RequestCount", "Sum"),
      ...ANSWERS,
      {
        id: "rate",
        expression: `IF(FILL(requests, 0) >= ${minRequestsPerMinute}, (requests - (${GOOD_ANSWERS} + FILL(errors, 0))) / requests, 0)`,
      },
    ],
  },
  "slow-rate": {
    ...EVERY_MINUTE,
    title: "share of requests whose answer began late",
    why: "A count of slow requests is exact at any traffic; a p99 needs 1,000 samples in the period before it means anything.",
    thresholdKey: "maxSlowRate",
    threshold: ({ maxSlowRate }) => maxSlowRate,
    comparison: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    appliesWhen: { share: true },
    proves: true,
    queries: ({ minRequestsPerMinute, slowSeconds }) => [
      onTargetGroup("answers", "TargetResponseTime", "SampleCount"),
      onTargetGroup("slow", "TargetResponseTime", `TC(${slowSeconds}:)`),
      {
        id: "rate",
        expression: `IF(FILL(answers, 0) >= ${minRequestsPerMinute}, FILL(slow, 0) / answers, 0)`,
      },
    ],
  },
  "healthy-hosts": {
    ...EVERY_MINUTE,
    title: "number of healthy tasks",
    why: "A slot without a healthy task answers nothing that the other alarms could count; missing data breaches, because the number is published as long as tasks are registered.",
    thresholdKey: undefined,
    threshold: () => 1,
    comparison: "LessThanThreshold",
    treatMissingData: "breaching",
    appliesWhen: { share: false },
    proves: true,
    queries: () => [onTargetGroup("healthy", "HealthyHostCount", "Minimum")],
  },
  cpu: {
    ...EVERY_MINUTE,
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

/** Alarms that stacks of 0.1 do not have until their next update. */
export const LATER_ALARM_KEYS = ["unanswered-rate"] as const satisfies readonly AlarmKey[];
