import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { logGroupOf } from "../../../contract/names/names.ts";
import type { ReadLogs, TaskLog } from "../../deploy/task-log.ts";
import { whileThrottled, type Backoff } from "../backoff.ts";

/** So far back, one after the other, until there are lines enough: some services write them in seconds, others in hours. */
const WINDOWS_MS = [15_000, 120_000, 15 * 60_000, 3 * 3_600_000];
/** A page has at most 10,000 events or 1 MB, and may be empty with another one after it (API of CloudWatch Logs). */
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
  const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const sender = await client();
  const lines: Line[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new FilterLogEventsCommand({ ...within, nextToken });
    const answer = await whileThrottled(() => sender.send(command), backoff);
    for (const { logStreamName, timestamp, message } of answer.events ?? []) {
      if (logStreamName !== undefined && timestamp !== undefined && message !== undefined)
        lines.push({ stream: logStreamName, atMs: timestamp, message });
    }
    nextToken = answer.nextToken;
    if (nextToken === undefined) return { lines, isWhole: true };
  }
  return { lines, isWhole: false };
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
