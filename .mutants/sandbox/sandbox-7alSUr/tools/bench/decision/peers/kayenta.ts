import type { Counts } from "../arm.ts";

/**
 * Kayenta's judge for one metric, the failure rate of each minute: NetflixACAJudge.scala with its fixed confidence
 * 0.98 and tolerance 0.25, MannWhitneyClassifier.scala (High when the interval of the difference lies above the
 * tolerance times its estimate; identical samples and a single value pass) and MannWhitney.scala (R's asymptotic
 * interval with tie and continuity correction). A metric that is High fails the canary. Kayenta asks for a fresh
 * baseline of the candidate's size, and for 50 points or more: it judges once an hour, on the last `windowMinutes`.
 */
export interface KayentaSettings {
  readonly windowMinutes: number;
}

/** 60 minutes is the documented interval; three hours the documented lifetime. */
export const KAYENTA_WINDOWS = [60, 180] as const;

const INTERVAL_MINUTES = 60;
const TOLERANCE = 0.25;
/** Quantile of the standard normal for a two-sided confidence of 0.98. */
const CRITICAL = 2.3263478740408408;

export function kayentaJudge({ windowMinutes }: KayentaSettings) {
  const candidate: number[] = [];
  const baseline: number[] = [];
  let minute = 0;
  return (ofCandidate: Counts, ofBaseline: Counts): boolean => {
    minute += 1;
    candidate.push(ofCandidate.requests > 0 ? ofCandidate.failed / ofCandidate.requests : Number.NaN);
    baseline.push(ofBaseline.requests > 0 ? ofBaseline.failed / ofBaseline.requests : Number.NaN);
    if (minute % INTERVAL_MINUTES !== 0) return false;
    const recent = (values: readonly number[]) =>
      values.slice(-windowMinutes).filter((value) => !Number.isNaN(value));
    return isHigh(recent(candidate), recent(baseline));
  };
}

/** Whether the judge calls the experiment higher than the control. */
export function isHigh(experiment: readonly number[], control: readonly number[]): boolean {
  if (experiment.length === 0 || control.length === 0) return false;
  if (new Set([...experiment, ...control]).size === 1) return false;
  const score = (shift: number) => wilcoxonScore(experiment, control, shift);
  // The interval's lower end is where the score falls below the critical value; it falls with the shift.
  if (score(0) <= CRITICAL) return false;
  return score(TOLERANCE * Math.abs(shiftOf(score, experiment, control))) > CRITICAL;
}

/** Hodges and Lehmann's estimate: the shift at which the score is 0. */
function shiftOf(
  score: (shift: number) => number,
  experiment: readonly number[],
  control: readonly number[],
): number {
  let low = Math.min(...experiment) - Math.max(...control);
  let high = Math.max(...experiment) - Math.min(...control);
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (score(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The standardised rank sum of the shifted experiment, with corrections for ties and continuity. */
function wilcoxonScore(experiment: readonly number[], control: readonly number[], shift: number): number {
  const [m, n] = [experiment.length, control.length];
  const all = Float64Array.from([...experiment.map((value) => value - shift), ...control]);
  const order = Array.from(all.keys()).sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0));
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && all[order[to] ?? 0] === all[order[from] ?? 0]) to += 1;
    const rank = (from + to + 1) / 2;
    for (let at = from; at < to; at++) rankSum += (order[at] ?? 0) < m ? rank : 0;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const above = rankSum - (m * (m + 1)) / 2 - (m * n) / 2;
  const variance = ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)));
  return variance <= 0 ? 0 : (above - 0.5 * Math.sign(above)) / Math.sqrt(variance);
}
