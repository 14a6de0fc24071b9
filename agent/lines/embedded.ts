import type { CountedPeriod } from "./counts.ts";

/** Whose counts they are. */
export interface AgentIdentity {
  readonly stack: string;
  readonly slot: string;
  readonly modelVersion: string;
  readonly release: string;
}

// contract/signals/signal.ts says the same; the program in a task has nothing but itself.
export const NAMESPACE = "MlBlueGreen/Signals";

/**
 * One line of a log in CloudWatch's embedded metric format ("Specification: Embedded metric format", CloudWatch user
 * guide). The version and the release are no dimensions: each of their values would be a metric that is paid for.
 * Undefined: nothing was counted.
 */
export function embeddedLine(
  { stack, slot, modelVersion, release }: AgentIdentity,
  { startMs, path, metrics, notes }: CountedPeriod,
  unit: "Count" | "Percent" = "Count",
): string | undefined {
  const names = Object.keys(metrics);
  if (names.length === 0 && Object.keys(notes).length === 0) return undefined;
  const members = {
    Stack: stack,
    Slot: slot,
    ...(path === undefined ? {} : { path }),
    MODEL_VERSION: modelVersion,
    RELEASE: release,
    ...metrics,
    ...notes,
  };
  if (names.length === 0) return JSON.stringify({ at: new Date(startMs).toISOString(), ...members });
  const directive = {
    Namespace: NAMESPACE,
    Dimensions: [["Stack", "Slot", ...(path === undefined ? [] : ["path"])]],
    Metrics: names.map((name) => ({ Name: name, Unit: unit })),
  };
  return JSON.stringify({ _aws: { Timestamp: startMs, CloudWatchMetrics: [directive] }, ...members });
}
