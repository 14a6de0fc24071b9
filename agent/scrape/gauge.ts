import type { Sample } from "./page.ts";

/** What the GPUs of a task do, as some server's page says it: a number from 0 to `most` for each. */
export interface GpuGauge {
  readonly series: string;
  /** Those alone that have one of the values of each label. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** What it says when a GPU does all that it can. */
  readonly most: number;
}

/** contract/signals/signal.ts says the same; the program in a task has nothing but itself. */
export const GPU_METRIC = "GpuUtilization";

/** Percent of what the task's GPUs can do, on average; undefined: the page does not say it. */
export function gpuPercent(
  samples: readonly Sample[],
  { series, labels, most }: GpuGauge,
): number | undefined {
  const values = samples
    .filter(
      (sample) =>
        sample.name === series &&
        Object.entries(labels).every(([label, allowed]) => allowed.includes(sample.labels[label] ?? "")),
    )
    .map(({ value }) => value);
  if (values.length === 0 || values.some((value) => !(value >= 0 && value < Infinity))) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.round(Math.min(100, (100 * mean) / most) * 100) / 100;
}
