export type StateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type Judged = "breaching" | "good" | "missing";
export type MissingDataTreatment = "missing" | "ignore" | "breaching" | "notBreaching";

/**
 * How CloudWatch compares a data point with the threshold.
 * Anomaly detection's operators are refused when the alarm is put.
 */
export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;
export type ComparisonOperator = keyof typeof COMPARISONS;

/**
 * How many of the newest periods are looked at. Documented is only "a higher number than Evaluation Periods" and
 * 3 -> 5; this formula (LocalStack's) gives that and is APPROXIMATE for other numbers.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + Math.max(Math.floor(evaluationPeriods / 3), 2);
}

export function judge(value: number | undefined, operator: ComparisonOperator, threshold: number): Judged {
  if (value === undefined) return "missing";
  return COMPARISONS[operator](value, threshold) ? "breaching" : "good";
}

export interface Decision {
  /** `retain` keeps the current state. */
  readonly state: StateValue | "retain";
  /** How many missing points were counted as breaching or good, for the reason. */
  readonly treated: number;
}

/**
 * The state that an M-of-N alarm takes on a range of points, oldest first, by the tables and the prose of the
 * CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data". The first rule that applies decides.
 */
export function decide(
  range: readonly Judged[],
  datapointsToAlarm: number,
  evaluationPeriods: number,
  treatment: MissingDataTreatment,
): Decision {
  const real = range.filter((point) => point !== "missing");
  if (real.length >= evaluationPeriods) {
    const newest = breaching(real.slice(-evaluationPeriods));
    return { state: newest >= datapointsToAlarm ? "ALARM" : "OK", treated: 0 };
  }
  const known = breaching(real);
  const gap = evaluationPeriods - real.length;
  if (treatment === "breaching")
    return { state: known + gap >= datapointsToAlarm ? "ALARM" : "OK", treated: gap };
  if (treatment === "notBreaching")
    return { state: known >= datapointsToAlarm ? "ALARM" : "OK", treated: gap };
  return { state: withoutFilling(range, known, datapointsToAlarm, treatment), treated: 0 };
}

function withoutFilling(
  range: readonly Judged[],
  known: number,
  datapointsToAlarm: number,
  treatment: "missing" | "ignore",
): StateValue | "retain" {
  if (range.every((point) => point === "missing"))
    return treatment === "ignore" ? "retain" : "INSUFFICIENT_DATA";
  if (known >= datapointsToAlarm) return "ALARM";
  if (range.includes("good")) return "OK";
  // "Avoiding premature transitions to alarm state": an alarm on fewer than M points only when the oldest breaching
  // point is at least M periods old and all newer ones are breaching or missing.
  const age = range.length - range.indexOf("breaching");
  return treatment === "missing" && age >= datapointsToAlarm ? "ALARM" : "retain";
}

/**
 * Samples below which a percentile is not significant: 10/(1-p) for p >= 0.5, 10/p below (CloudWatch User Guide,
 * "Percentile-based alarms and low data samples").
 */
export function lowSampleLimit(percent: number): number {
  const share = percent / 100;
  // Rounded, because 10/(1 - 0.9) is 100.00000000000001 in binary and 100 samples are enough.
  return Number((10 / (share >= 0.5 ? 1 - share : share)).toFixed(6));
}

function breaching(points: readonly Judged[]): number {
  return points.filter((point) => point === "breaching").length;
}
