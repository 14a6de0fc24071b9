import type { PairWorld } from "./pair-world.ts";

/** A metric of an AnalysisTemplate, as far as it is used. */
export interface ArgoMetric {
  readonly interval: string;
  readonly initialDelay?: string;
  readonly count?: number;
  readonly failureLimit?: number;
  readonly inconclusiveLimit?: number;
  readonly consecutiveErrorLimit?: number;
  readonly consecutiveSuccessLimit?: number;
  readonly successCondition: string;
  readonly failureCondition: string;
}

type Phase = "Successful" | "Failed" | "Error" | "Inconclusive";

/** Body of an answer of 2xx; undefined: another status, which is an Error. */
export type ArgoAsk = () => Promise<unknown>;

const minutesOf = (duration: string): number => {
  const [, amount, unit] = /^(\d+)(s|m|h)$/.exec(duration) ?? [];
  return Number(amount) * ({ s: 1 / 60, m: 1, h: 60 }[unit ?? ""] ?? Number.NaN);
};

/**
 * A condition of the kind that the template uses: expr-lang's `==` between a member of the result and a text.
 * Throws for any other: this is no expr-lang.
 */
export function holds(condition: string, result: unknown): boolean {
  const [, member, text] = /^result\.(\w+) == "(\w+)"$/.exec(condition) ?? [];
  if (member === undefined) throw new Error(`not a condition that is simulated here: ${condition}`);
  const fields: Readonly<Record<string, unknown>> = Object(result);
  return fields[member] === text;
}

/** utils/evaluate/evaluate.go: with both conditions, neither of them is Inconclusive. */
function evaluated({ successCondition, failureCondition }: ArgoMetric, result: unknown): Phase {
  if (holds(failureCondition, result)) return "Failed";
  return holds(successCondition, result) ? "Successful" : "Inconclusive";
}

/**
 * An inline AnalysisRun of one metric by analysis/analysis.go of Argo Rollouts (assessMetricStatus,
 * assessMetricFailureInconclusiveOrError): the limits of failures, inconclusive and consecutive errors first, then
 * consecutiveSuccessLimit, then count. undefined: it still runs after so many minutes.
 */
export async function analysisRun(
  metric: ArgoMetric,
  ask: ArgoAsk,
  pass: () => void,
  minutes: number,
): Promise<Phase | undefined> {
  const seen = { count: 0, failed: 0, inconclusive: 0, errors: 0, successes: 0 };
  const wait = (duration: string) => {
    for (let waited = 0; waited < minutesOf(duration); waited++) pass();
  };
  if (metric.initialDelay !== undefined) wait(metric.initialDelay);
  for (let measured = 0; measured < minutes; measured++) {
    const result = await ask();
    const phase = result === undefined ? "Error" : evaluated(metric, result);
    seen.errors = phase === "Error" ? seen.errors + 1 : 0;
    seen.successes = phase === "Successful" ? seen.successes + 1 : 0;
    if (phase !== "Error") seen.count += 1;
    if (phase === "Failed") seen.failed += 1;
    if (phase === "Inconclusive") seen.inconclusive += 1;
    if (seen.errors > (metric.consecutiveErrorLimit ?? 4)) return "Error";
    if (seen.inconclusive > (metric.inconclusiveLimit ?? 0)) return "Inconclusive";
    if (seen.failed > (metric.failureLimit ?? 0)) return "Failed";
    const { consecutiveSuccessLimit: wanted = 0, count } = metric;
    if (wanted > 0 && seen.successes >= wanted) return "Successful";
    if (count !== undefined && seen.count >= count) return wanted > 0 ? "Inconclusive" : "Successful";
    wait(metric.interval);
  }
  return undefined;
}

export interface ArgoEnd {
  readonly end: "promoted" | "aborted" | "paused";
  readonly minutes: number;
  readonly share: number;
}

/** docs/features/analysis.md: a run that succeeds lets the Rollout go on, one that fails aborts it, Inconclusive pauses it. */
export async function rolloutOf(
  world: PairWorld,
  steps: readonly number[],
  metric: ArgoMetric,
  ask: ArgoAsk,
  minutes: number,
): Promise<ArgoEnd> {
  for (const share of steps) {
    const ended = (end: ArgoEnd["end"]): ArgoEnd => ({ end, minutes: world.minute(), share });
    const phase = await analysisRun(metric, ask, () => world.pass(share), minutes);
    if (phase === "Failed" || phase === "Error") return ended("aborted");
    if (phase !== "Successful") return ended("paused");
  }
  return { end: "promoted", minutes: world.minute(), share: 100 };
}
