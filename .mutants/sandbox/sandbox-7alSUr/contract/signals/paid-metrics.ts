import { SLOTS } from "../slot.ts";
import { AGENT_COUNTS, type AgentCount } from "./agent-counts.ts";
import { REQUESTS, type Signal, type SignalSource } from "./signal.ts";

/** A signal as a whole, and each value of its segments: so many times its metrics are there. */
export const segmentCount = ({ segments }: Pick<Signal, "segments">): number =>
  Object.values(segments).reduce((sum, values) => sum + values.length, 0);

/** Names of the metrics that the model's container or the agent makes for a signal; of other sources none. */
function namesOf({ source, kind }: Signal): readonly string[] {
  if (source.from === "log")
    return kind === "scores" ? [source.numerator] : [source.numerator, source.denominator];
  if (source.from !== "agent") return [];
  const count = isAgentCount(source.count) ? AGENT_COUNTS[source.count] : undefined;
  return count === undefined ? [] : [count.numerator, count.denominator];
}

export const isAgentCount = (count: string): count is AgentCount => Object.hasOwn(AGENT_COUNTS, count);

export interface PaidMetrics {
  readonly count: number;
  /** How it comes about: "2 slots × (wrong: 2 metrics × 4, refused: 1 metric × 1)". */
  readonly arithmetic: string;
}

/** The metrics of all signals, each once: `Answers`, `Answers country=DE`. */
export const signalMetrics = (signals: readonly Signal[]): ReadonlySet<string> =>
  new Set(signals.flatMap(metricsOf));

function metricsOf(signal: Signal): readonly string[] {
  const segments = Object.entries(signal.segments).flatMap(([name, values]) =>
    values.map((value) => ` ${name}=${value}`),
  );
  return namesOf(signal).flatMap((name) => ["", ...segments].map((segment) => name + segment));
}

/**
 * The custom metrics of CloudWatch that the signals make, each paid by the month: slots × names × (1 + segments). A name
 * that two signals share is one metric.
 */
export function paidMetrics(signals: readonly Signal[]): PaidMetrics {
  const known = new Set<string>();
  const parts = signals.flatMap((signal) => {
    const names = namesOf(signal);
    const fresh = metricsOf(signal).filter((one) => !known.has(one));
    fresh.forEach((one) => known.add(one));
    return names.length === 0 ? [] : [{ signal, fresh: fresh.length, names: names.length }];
  });
  const words = parts.map(({ signal, fresh, names }) => {
    const all = names * (1 + segmentCount(signal));
    const shared = fresh === all ? "" : `, ${all - fresh} of them another's`;
    return `${signal.name}: ${names} metric${names === 1 ? "" : "s"} × ${1 + segmentCount(signal)}${shared}`;
  });
  const count = SLOTS.length * known.size;
  return { count, arithmetic: `${count} = ${SLOTS.length} slots × (${words.join("; ") || "none"})` };
}

/** Ten tenths and their sum. */
const READ_OF_SCORES = 11;

/** Metrics that one check reads of a slot for the signals. */
export const metricsReadOfSlot = (signals: readonly Signal[]): number =>
  signals.reduce((sum, signal) => sum + readOf(signal), 0);

function readOf(signal: Signal): number {
  const { source, kind } = signal;
  if (!IS_READ_BY_METRICS[source.from]) return 0;
  if (kind === "scores") return READ_OF_SCORES;
  // Its tasks are counted by the load balancer, which is read anyway.
  if (source.from === "resources") return 1;
  // The load balancer's requests are read anyway.
  const isOfRequests = source.from === "cloudwatch" && source.denominator === REQUESTS;
  return (isOfRequests ? 1 : 2) * (1 + segmentCount(signal));
}

const IS_READ_BY_METRICS: Readonly<Record<SignalSource["from"], boolean>> = {
  cloudwatch: true,
  log: true,
  agent: true,
  labels: false,
  command: false,
  url: false,
  resources: true,
};
