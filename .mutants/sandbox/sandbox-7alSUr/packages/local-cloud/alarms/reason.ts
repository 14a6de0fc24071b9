import type { ComparisonOperator, StateValue } from "./evaluate.ts";
import { COMPARISONS } from "./evaluate.ts";

/** CloudWatch API: StateReason has at most 1023 characters, so long ranges show their newest points. */
const MAX_REASON = 1023;
const SHOWN_POINTS = 10;

const COMPARED: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to the threshold",
  GreaterThanThreshold: "greater than the threshold",
  LessThanThreshold: "less than the threshold",
  LessThanOrEqualToThreshold: "less than or equal to the threshold",
};

export interface Evidence {
  readonly state: StateValue;
  readonly operator: ComparisonOperator;
  readonly threshold: number;
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  /** The real points that were looked at, newest first. */
  readonly points: readonly { readonly timestampMs: number; readonly value: number }[];
  /** Missing points that were counted as breaching or good. */
  readonly treated: number;
  readonly treatedAs: "Breaching" | "NonBreaching";
}

/** The sentence for a state change, worded like AWS's. */
export function stateReason(evidence: Evidence): string {
  if (evidence.state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${evidence.evaluationPeriods === 1 ? "1 datapoint was" : `${evidence.evaluationPeriods} datapoints were`} unknown.`;
  }
  const clauses =
    evidence.points.length === 0 ? [nothingReceived(evidence)] : [crossed(evidence), ...filled(evidence)];
  return `Threshold Crossed: ${clauses.join(" and ")}${transition(evidence)}.`.slice(0, MAX_REASON);
}

function nothingReceived(evidence: Evidence): string {
  return `no datapoints were received for ${count(evidence.evaluationPeriods, "period")} and ${missing(evidence)}`;
}

function crossed({ state, operator, threshold, points, evaluationPeriods, treated }: Evidence): string {
  const named = points.filter(
    (point) => COMPARISONS[operator](point.value, threshold) === (state === "ALARM"),
  );
  const listed = named
    .slice(0, SHOWN_POINTS)
    .map((point) => `${number(point.value)} (${date(point.timestampMs)})`);
  if (named.length > SHOWN_POINTS) listed.push("…");
  const enough = treated === 0 && points.length >= evaluationPeriods;
  const subject = enough
    ? `${named.length} out of the last ${points.length} datapoints`
    : count(named.length, "datapoint");
  const verb = `${named.length === 1 ? "was" : "were"}${state === "OK" ? " not" : ""}`;
  return `${subject} [${listed.join(", ")}] ${verb} ${COMPARED[operator]} (${number(threshold)})`;
}

function filled(evidence: Evidence): string[] {
  return evidence.treated === 0 ? [] : [missing(evidence)];
}

function missing({ treated, treatedAs }: Evidence): string {
  return `${count(treated, "missing datapoint")} ${treated === 1 ? "was" : "were"} treated as [${treatedAs}]`;
}

function transition({ state, datapointsToAlarm, evaluationPeriods, points, treated }: Evidence): string {
  if (treated > 0 || points.length < evaluationPeriods) return "";
  const needed = state === "ALARM" ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return ` (minimum ${count(needed, "datapoint")} for ${state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK"} transition)`;
}

/** The facts behind a state change, as CloudWatch writes them into StateReasonData. */
export function stateReasonData(options: {
  readonly nowMs: number;
  readonly startMs: number;
  readonly statistic: string | undefined;
  readonly periodSeconds: number;
  readonly threshold: number;
  /** Oldest first. */
  readonly points: readonly { readonly timestampMs: number; readonly value: number }[];
}): string {
  const shown = options.points.slice(-2 * SHOWN_POINTS);
  return JSON.stringify({
    version: "1.0",
    queryDate: isoDate(options.nowMs),
    startDate: isoDate(options.startMs),
    statistic: options.statistic,
    period: options.periodSeconds,
    recentDatapoints: shown.map((point) => point.value),
    threshold: options.threshold,
    evaluatedDatapoints: shown.map(({ timestampMs, value }) => ({ timestamp: isoDate(timestampMs), value })),
  });
}

/** `2026-11-21T09:01:00.000+0000` */
function isoDate(timestampMs: number): string {
  return new Date(timestampMs).toISOString().replace("Z", "+0000");
}

/** `21/11/26 09:01:00`, the form inside reasons. */
function date(timestampMs: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(timestampMs).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}

/** As Java prints a double: 1.0, 0.2. */
function number(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : String(value);
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
