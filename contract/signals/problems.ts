import { problem, type Problem } from "../checks/problem.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { agentMetricsToCome } from "./agent-metrics.ts";
import { agentCounts, gpuIsRead } from "./agent-signal.ts";
import { MOST_SEGMENTS } from "./fields.ts";
import { paidMetrics, segmentCount } from "./paid-metrics.ts";
import { REQUESTS, type Signal } from "./signal.ts";

/** Names of what is compared anyway (validation/core/comparison/metrics.ts). */
const BUILT_IN = /^(failed|client-errors|slow-p.*)$/;

/** What does not fit within `signals`, or with the rest. */
export function signalProblems(config: StackConfig): readonly Problem[] {
  return [
    ...config.signals.flatMap((signal, index) =>
      CHECKS.flatMap((check) => check(signal, `signals[${index}]`, config)),
    ),
    ...tooManyMetrics(config),
  ];
}

const CHECKS: readonly ((signal: Signal, key: string, config: StackConfig) => readonly Problem[])[] = [
  function namesAreTheirOwn({ name }, key, { signals }) {
    const isFirst = signals.findIndex((other) => other.name === name) === Number(/\d+/.exec(key)?.[0]);
    if (isFirst && !BUILT_IN.test(name)) return [];
    const got = isFirst ? name : `${name} twice`;
    const allowed =
      "a name of its own, and none of what is compared anyway: failed, client-errors, slow-p90, slow-p99";
    return [problem(`${key}.name`, got, allowed, set(`${key}.name`, "<name>"))];
  },
  function segmentsAreFew(signal, key) {
    const count = segmentCount(signal);
    if (count <= MOST_SEGMENTS) return [];
    const allowed = `at most ${MOST_SEGMENTS} values of all its segments together`;
    return [problem(`${key}.segments`, `${count} values`, allowed, rm(`${key}.segments`))];
  },
  function segmentsHaveTheirOwnExposure({ kind, source, segments }, key) {
    if (Object.keys(segments).length === 0) return [];
    const why =
      kind === "scores"
        ? "nothing: scores are compared as a whole"
        : source.from === "resources"
          ? "nothing: a task is used by everybody"
          : source.from === "cloudwatch" && source.denominator === REQUESTS
            ? `nothing while source.denominator is ${REQUESTS}: the load balancer counts a slot as a whole`
            : undefined;
    return why === undefined ? [] : [problem(`${key}.segments`, segments, why, rm(`${key}.segments`))];
  },
  function resourcesHold({ kind, action, source }, key) {
    if (source.from !== "resources") return [];
    const isShown = action === "hold" || action === "report";
    return [
      ...(kind === "losses"
        ? []
        : [problem(`${key}.kind`, kind, "losses: of all that a task may use", rm(`${key}.kind`))]),
      ...(isShown
        ? []
        : [
            problem(
              `${key}.action`,
              action,
              "hold or report: a model that needs more answers its users all the same",
              set(`${key}.action`, "hold"),
            ),
          ]),
    ];
  },
  function scoresAreMetrics({ kind, source: { from } }, key) {
    if (kind !== "scores" || ["cloudwatch", "log", "resources"].includes(from)) return [];
    const allowed = `counts or losses with source.from ${from}; scores are read by cloudwatch and log`;
    return [problem(`${key}.kind`, kind, allowed, set(`${key}.kind`, "counts"))];
  },
  function onlyCountsMayBeMissed({ kind, better }, key) {
    if (better === "lower" || kind === "counts") return [];
    const allowed = `lower with kind ${kind}: losses are smallest where all is well, and scores are no harm by themselves`;
    return [problem(`${key}.better`, better, allowed, rm(`${key}.better`))];
  },
  agentCounts,
  gpuIsRead,
];

function tooManyMetrics(config: StackConfig): readonly Problem[] {
  const { signalMetricsLimit } = config.rollout;
  const [signals, agents] = [paidMetrics(config.signals), agentMetricsToCome(config)];
  const count = signals.count + agents.count;
  if (count <= signalMetricsLimit) return [];
  const all =
    agents.count === 0 ? signals.arithmetic : `${count}: ${signals.arithmetic}, and ${agents.arithmetic}`;
  return [
    problem(
      "signals",
      `${all} paid metrics`,
      `at most rollout.signalMetricsLimit, ${signalMetricsLimit}: fewer values in segments, fewer paths in service.agent.front.paths, or another limit`,
      `pulumi config set --path rollout.signalMetricsLimit ${count}`,
    ),
  ];
}

const rm = (key: string) => `pulumi config rm --path '${key}'`;
const set = (key: string, value: string) => `pulumi config set --path '${key}' ${value}`;
