import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { logGroupOf } from "../../../contract/names/names.ts";
import type { ReadLogs, TaskLog } from "../../deploy/task-log.ts";
import type { Backoff } from "../backoff.ts";
import { pagesOf } from "./events.ts";

/** So far back, one after the other, until there are lines enough: some services write them in seconds, others in hours. */
const WINDOWS_MS = [15_000, 120_000, 15 * 60_000, 3 * 3_600_000];
/** Of one window; what has more is cut off. */
const MOST_PAGES = 10;

interface Line {
  /** `prefix/container/task` (ECS developer guide, awslogs-stream-prefix). */
  readonly stream: string;
  readonly atMs: number;
  readonly message: string;
}

/** The output of a service's tasks in CloudWatch Logs. `now`: epoch milliseconds of the cloud's clock. */
export const awsLogs =
  (client: () => Promise<CloudWatchLogsClient>, now: () => number, backoff?: Backoff): ReadLogs =>
  async (serviceName, lines) => {
    const toMs = now();
    let found: readonly Line[] = [];
    for (const windowMs of WINDOWS_MS) {
      const within = { logGroupName: logGroupOf(serviceName), startTime: toMs - windowMs, endTime: toMs };
      const read = await readAll(client, within, backoff);
      // What was cut off has the oldest lines of the window, and not the newest.
      if (read.isWhole || found.length === 0) found = read.lines;
      if (!read.isWhole || found.length >= lines) break;
    }
    return byTask(found, lines);
  };

async function readAll(
  client: () => Promise<CloudWatchLogsClient>,
  within: { readonly logGroupName: string; readonly startTime: number; readonly endTime: number },
  backoff: Backoff | undefined,
): Promise<{ readonly lines: readonly Line[]; readonly isWhole: boolean }> {
  const lines: Line[] = [];
  let pages = 0;
  for await (const { events = [], nextToken } of pagesOf(client, within, backoff)) {
    for (const { logStreamName, timestamp, message } of events) {
      if (logStreamName !== undefined && timestamp !== undefined && message !== undefined)
        lines.push({ stream: logStreamName, atMs: timestamp, message });
    }
    pages += 1;
    if (pages === MOST_PAGES && nextToken !== undefined) return { lines, isWhole: false };
  }
  return { lines, isWhole: true };
}

/** The task that wrote last comes first. */
function byTask(found: readonly Line[], most: number): readonly TaskLog[] {
  const streams = [...Map.groupBy(found, ({ stream }) => stream)].map(([stream, lines]) => {
    const [container = "", taskId = stream] = stream.split("/").slice(-2);
    return { container, taskId, lines: lines.toSorted((a, b) => a.atMs - b.atMs).slice(-most) };
  });
  const hasSeveral = new Set(streams.map(({ container }) => container)).size > 1;
  const lastMs = ({ lines }: { readonly lines: readonly Line[] }) => lines.at(-1)?.atMs ?? 0;
  return streams
    .toSorted((a, b) => lastMs(b) - lastMs(a))
    .map(({ container, taskId, lines }) => ({
      taskId,
      ...(hasSeveral ? { container } : {}),
      lines: lines.map(({ message }) => message.trimEnd()),
    }));
}
