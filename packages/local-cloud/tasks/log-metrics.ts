import { closeSync, openSync, readSync, statSync } from "node:fs";
import { every, type Clock } from "../clock.ts";
import type { MetricSink } from "../gateway/metric-sink.ts";
import { readEmbedded } from "../metrics/embedded.ts";

/** Virtual: a minute's last lines are counted this late at most, as on AWS a log event is. */
const PERIOD_MS = 5000;
/** CloudWatch Logs takes events of up to 1 MB; a longer line is cut there, and is no JSON any more. */
const MOST_LINE_BYTES = 1024 * 1024;
/** Of one file at a time; what a task wrote beyond it is read the next time. */
const MOST_READ_BYTES = 8 * MOST_LINE_BYTES;
// PutMetricData's bounds hold for what a log carries, too.
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

export interface LogMetricsOptions {
  readonly clock: Clock;
  readonly metrics: MetricSink;
  readonly log: (line: string) => void;
  /** The writers' clock, epoch milliseconds; `Date.now` unless given. */
  readonly realNow?: (() => number) | undefined;
}

/** A task's log, and whose it is. */
export interface TaskLogFile {
  readonly service: string;
  readonly file: string;
}

/**
 * Publishes the metrics that containers write into their output in the embedded metric format, as CloudWatch Logs
 * does with what the `awslogs` driver sends it: it needs no header and no permission beyond that to write the log.
 * `files`: the logs of the tasks that this process has started. Returns what ends it.
 */
export function publishLogMetrics(
  files: () => readonly TaskLogFile[],
  { clock, metrics, log, realNow = Date.now }: LogMetricsOptions,
): () => void {
  let read = new Map<string, number>();
  const told = new Set<string>();
  const tellOnce = (service: string, why: string) => {
    const message = `a metric in the log of ${service} is ignored, as CloudWatch would: ${why}`;
    if (!told.has(message)) log(message);
    told.add(message);
  };
  const publish = (service: string, line: string) => {
    const found = readEmbedded(line);
    if (found === undefined) return;
    if (found.kind === "invalid") return tellOnce(service, found.why);
    const nowMs = clock.now();
    const atMs = nowMs - (realNow() - found.timestampMs) * clock.speed;
    if (atMs < nowMs - OLDEST_MS || atMs > nowMs + NEWEST_MS) {
      return tellOnce(service, "_aws.Timestamp: more than two weeks in the past or two hours in the future");
    }
    for (const { series, values } of found.data) {
      const into = metrics.series(series);
      for (const value of values) into.add(atMs, value);
    }
  };
  return every(clock, PERIOD_MS, 0, () => {
    const next = new Map<string, number>();
    for (const { service, file } of files()) {
      const { lines, end } = newLines(file, read.get(file) ?? 0);
      next.set(file, end);
      for (const line of lines) publish(service, line);
    }
    read = next;
  });
}

interface NewLines {
  readonly lines: readonly string[];
  readonly end: number;
}

/** The whole lines from `from` on, and where the next one begins. A file that has gone has none. */
function newLines(file: string, before: number): NewLines {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // One that had become too great has begun anew.
  const from = size < before ? 0 : before;
  if (size === from) return { lines: [], end: from };
  try {
    return readLines(file, from, size);
  } catch {
    // Old files go while new tasks come.
    return { lines: [], end: from };
  }
}

function readLines(file: string, from: number, size: number): NewLines {
  const bytes = Buffer.alloc(Math.min(size - from, MOST_READ_BYTES));
  const descriptor = openSync(file, "r");
  try {
    const fresh = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from));
    const last = fresh.lastIndexOf("\n");
    if (last >= 0) return { lines: fresh.toString("utf8", 0, last).split("\n"), end: from + last + 1 };
    return { lines: [], end: fresh.length > MOST_LINE_BYTES ? from + fresh.length : from };
  } finally {
    closeSync(descriptor);
  }
}
