import { evaluation, periodStarts, readFrom } from "../metrics/queries.ts";
import { isSimpleStatistic } from "../metrics/statistic.ts";
import { MINUTE_MS, type MetricStore } from "../metrics/store.ts";
import type { MetricAlarmInput, Watched } from "./definition.ts";
import type { StateValue } from "./evaluate.ts";
import { decide, evaluationRange, judge, lowSampleLimit } from "./evaluate.ts";
import { stateReason, stateReasonData } from "./reason.ts";

export interface Verdict {
  readonly state: StateValue;
  readonly reason: string;
  readonly reasonData: string;
}

/**
 * Evaluates a metric alarm over the newest complete periods by the clock, whether CloudWatch has them already or not,
 * sliding by the minute; undefined keeps its state. Data from before the alarm's creation counts, as on AWS. While it
 * is `warming` it keeps its state, until "enough data fills its evaluation window" (CloudWatch User Guide, "Alarm
 * warm-up periods").
 */
export function evaluateAlarm(
  input: MetricAlarmInput,
  watched: Watched,
  store: MetricStore,
  at: { readonly nowMs: number; readonly warming: boolean },
): Verdict | undefined {
  const { nowMs, warming } = at;
  const { EvaluationPeriods: evaluationPeriods, ComparisonOperator: operator, Threshold: threshold } = input;
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  const treatment = treatmentOf(input);

  const endMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const startMs = endMs - evaluationRange(evaluationPeriods) * watched.periodMs;
  const starts = periodStarts(startMs, endMs, watched.periodMs);
  const series = evaluation(watched.queries, readFrom(store, { startMs, endMs }))(watched.id, starts);
  const real = starts.flatMap((timestampMs) => {
    const value = series.get(timestampMs);
    return value === undefined ? [] : [{ timestampMs, value }];
  });
  const isWholeWarmUp = input.WarmUpConfiguration?.OnlyStartEvaluatingAfterWarmUpPeriodEnds === true;
  if (warming && (isWholeWarmUp || real.length < evaluationPeriods)) return undefined;
  if (tooFewSamples(input, watched, store, real.at(-1)?.timestampMs)) return undefined;

  const range = starts.map((timestampMs) => judge(series.get(timestampMs), operator, threshold));
  const { state, treated } = decide(range, datapointsToAlarm, evaluationPeriods, treatment);
  if (state === "retain") return undefined;
  const treatedAs = treatment === "breaching" ? "Breaching" : "NonBreaching";
  const points = real.slice(-evaluationPeriods).toReversed();
  return {
    state,
    reason: stateReason({
      state,
      operator,
      threshold,
      datapointsToAlarm,
      evaluationPeriods,
      points,
      treated,
      treatedAs,
    }),
    reasonData: stateReasonData({
      nowMs,
      startMs: points.at(-1)?.timestampMs ?? startMs,
      statistic: input.Statistic ?? input.ExtendedStatistic,
      periodSeconds: watched.periodMs / 1000,
      threshold,
      points: points.toReversed(),
    }),
  };
}

const TREATMENTS = {
  missing: "missing",
  ignore: "ignore",
  breaching: "breaching",
  notBreaching: "notBreaching",
} as const;

function treatmentOf(input: MetricAlarmInput) {
  // The definition admits only these names; the default is AWS's.
  const name = (input.TreatMissingData ?? "missing") as keyof typeof TREATMENTS;
  return TREATMENTS[name];
}

/** EvaluateLowSampleCountPercentile "ignore": "the alarm state does not change during periods with too few data points". */
function tooFewSamples(
  input: MetricAlarmInput,
  watched: Watched,
  store: MetricStore,
  newestMs: number | undefined,
): boolean {
  const [query] = watched.queries;
  if (input.EvaluateLowSampleCountPercentile !== "ignore" || newestMs === undefined) return false;
  if (input.ExtendedStatistic === undefined || isSimpleStatistic(input.ExtendedStatistic)) return false;
  if (query?.kind !== "metric" || query.statistic.kind !== "percentile") return false;
  const range = { ...query, startMs: newestMs, endMs: newestMs + query.periodMs };
  const samples = store.read(range, { kind: "simple", name: "SampleCount" })[0]?.value ?? 0;
  return samples < lowSampleLimit(query.statistic.percent);
}
