import type { ComparisonData, SlowThreshold } from "../core/comparison/data.ts";
import type { MeasureRequest, Metrics, SlotMetrics } from "../measures.ts";
import { frozenOf } from "../rollout/reading/frozen.ts";
import { readKept, type KeptPoints } from "../rollout/reading/kept-points.ts";
import { HISTORY_MINUTES, readPair } from "../rollout/reading/read-counts.ts";
import type { ElbDimensions, JudgeQuestion } from "./question.ts";

const MINUTE_MS = 60_000;
/** A pause of the candidate's requests that parts one release from the next. */
const PAUSE_MS = 15 * MINUTE_MS;
/** So far back its first request is looked for. */
const LOOK_BACK_MS = 72 * 60 * MINUTE_MS;

/** What need not be read twice; begins empty. */
export interface AskedMemory {
  /** When the tool was told to send the first users, epoch ms. */
  openedMs?: number;
  /** For whom that was: the tool's own name of the candidate. */
  openedFor?: string;
  points?: KeptPoints;
  slow?: { readonly sinceMs: number; readonly thresholds: readonly SlowThreshold[] };
}

export interface QuestionData {
  readonly data: ComparisonData;
  /** Since when both have users, epoch ms. */
  readonly sinceMs: number;
}

/** Three calls to CloudWatch, four where the begin has to be found; undefined: the candidate has had no request. */
export async function readQuestionData(
  metrics: Metrics,
  question: JudgeQuestion,
  nowMs: number,
  memory: AskedMemory,
): Promise<QuestionData | undefined> {
  const toMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const points = (memory.points ??= new Map());
  const [candidate, active] = [placeOf(question.candidate), placeOf(question.active)];
  const begin =
    question.since !== "traffic"
      ? question.since
      : (memory.openedMs ?? (await firstRequest(metrics, points, candidate, toMs)));
  if (begin === undefined) return undefined;
  // The minute in which users came belongs to both splits.
  const sinceMs = Math.ceil(begin / MINUTE_MS) * MINUTE_MS;
  if (sinceMs >= toMs) return undefined;
  if (memory.slow?.sinceMs !== sinceMs) {
    const asked = { place: active, sinceMs, historyMinutes: HISTORY_MINUTES, scores: new Map() };
    memory.slow = { sinceMs, thresholds: (await frozenOf({ metrics }, asked)).slow };
  }
  const pair = {
    candidate,
    active,
    zones: question.zones,
    windows: [{ fromMs: sinceMs, toMs }],
    toMs,
    // It may serve others, too: nobody here says that it does not.
    isShared: true,
    slowSeconds: question.slowSeconds,
    allowedSlowdown: question.policy.allowedSlowdown,
  };
  const { data } = await readPair(metrics, pair, memory.slow.thresholds, { points }, []);
  return { data, sinceMs };
}

/** When the requests began that have not paused since, epoch ms. */
async function firstRequest(
  metrics: Metrics,
  kept: KeptPoints,
  place: SlotMetrics,
  toMs: number,
): Promise<number | undefined> {
  const request: MeasureRequest = {
    id: "traffic",
    queries: [{ id: "value", metricName: "RequestCount", stat: "Sum", scope: "targetGroup" }],
    periodSeconds: 60,
    place,
  };
  const read = await readKept(metrics, kept, [{ requests: [request], fromMs: toMs - LOOK_BACK_MS }], toMs);
  const times = (read.get("traffic") ?? []).filter(({ value }) => value > 0).map(({ atMs }) => atMs);
  const last = times.at(-1);
  if (last === undefined || toMs - last > PAUSE_MS) return undefined;
  const begins = times.findLastIndex((atMs, index) => atMs - (times[index - 1] ?? -Infinity) > PAUSE_MS);
  // Of the first minute nobody knows when in it they came.
  return (times[begins] ?? last) + MINUTE_MS;
}

const placeOf = ({ LoadBalancer, TargetGroup }: ElbDimensions): SlotMetrics => ({
  loadBalancerSuffix: LoadBalancer,
  targetGroupSuffix: TargetGroup,
  clusterName: "",
  serviceName: undefined,
});
