import type { ScrapedMetric, SeriesChoice, SlowBounds } from "./metric.ts";

type Preset = (bounds: SlowBounds) => readonly ScrapedMetric[];

const FINISHED = "vllm:request_success_total";
const finished = (...reasons: readonly string[]): SeriesChoice => ({
  series: FINISHED,
  labels: { finished_reason: reasons },
  // vLLM makes a series for each reason that it knows when it starts (v1/metrics/loggers.py).
  always: true,
});

/**
 * vLLM (v1/engine/__init__.py, FinishReason): `error` is an internal error, always answered with 500; `abort` is a
 * client that went away, so it is no failure and not among the requests. Versions that know no `error` count none.
 */
const vllm: Preset = ({ firstTokenSeconds, answerSeconds }) => [
  {
    kind: "counters",
    numerator: "ServerFailures",
    denominator: "ServerRequests",
    events: [finished("error")],
    among: [finished("stop", "length"), { ...finished("error", "repetition"), always: false }],
  },
  {
    kind: "histogram",
    numerator: "SlowServerFirstTokens",
    denominator: "ServerFirstTokens",
    histogram: "vllm:time_to_first_token_seconds",
    labels: {},
    laterThanSeconds: firstTokenSeconds,
  },
  {
    kind: "histogram",
    numerator: "SlowServerAnswers",
    denominator: "ServerAnswers",
    histogram: "vllm:e2e_request_latency_seconds",
    labels: {},
    laterThanSeconds: answerSeconds,
  },
];

const every = (series: string): SeriesChoice => ({ series, labels: {}, always: false });

/**
 * MLServer 1.7, on its own port (METRICS_PORT, 8082). `model_infer_request_duration` is a summary without quantiles
 * there, so how long answers took is in the REST server's histogram.
 */
const mlserver: Preset = ({ answerSeconds }) => [
  {
    kind: "counters",
    numerator: "ServerFailures",
    denominator: "ServerRequests",
    events: [every("model_infer_request_failure_total")],
    among: [every("model_infer_request_success_total"), every("model_infer_request_failure_total")],
  },
  {
    kind: "histogram",
    numerator: "SlowServerAnswers",
    denominator: "ServerAnswers",
    histogram: "rest_server_request_duration_seconds",
    labels: { method: ["POST"] },
    laterThanSeconds: answerSeconds,
  },
];

export const PRESETS: Readonly<Record<string, Preset>> = { vllm, mlserver };
