import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { isRecord } from "../../../contract/config/field.ts";
import { logGroupOf } from "../../../contract/names/names.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { LoggedPrediction, PredictionLog } from "../../ports.ts";
import { whileThrottled, type Backoff } from "../backoff.ts";

/** The lines that a slot's tasks write for predictions: `{"prediction": {"requestId": …, "answer": …}}`. */
export function cloudWatchPredictions(
  client: () => Promise<CloudWatchLogsClient>,
  backoff?: Backoff,
): PredictionLog {
  return {
    async find(services, requestIds, fromMs, toMs) {
      const found = new Map<string, LoggedPrediction>();
      for (const [slot, service] of services) {
        for await (const event of linesOf(client, logGroupOf(service), fromMs, toMs, backoff)) {
          const read = readPrediction(event.message, slot, event.atMs);
          if (read === undefined || !requestIds.has(read.requestId)) continue;
          const before = found.get(read.requestId);
          // Of a request that was asked again, its user has seen the last answer.
          if (before === undefined || before.atMs <= read.atMs) found.set(read.requestId, read);
        }
      }
      return found;
    },
  };
}

/** A term of a filter pattern: only lines that have it are sent (CloudWatch Logs, "Filter pattern syntax"). */
const WORD = "prediction";

async function* linesOf(
  client: () => Promise<CloudWatchLogsClient>,
  logGroupName: string,
  startTime: number,
  endTime: number,
  backoff: Backoff | undefined,
): AsyncGenerator<{ readonly atMs: number; readonly message: string }> {
  const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const sender = await client();
  let nextToken: string | undefined;
  do {
    const input = { logGroupName, startTime, endTime, filterPattern: WORD, nextToken };
    const page = await whileThrottled(() => sender.send(new FilterLogEventsCommand(input)), backoff);
    for (const { timestamp, message } of page.events ?? []) {
      if (timestamp !== undefined && message !== undefined) yield { atMs: timestamp, message };
    }
    // An empty page may have another one after it.
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** undefined: the line is of something else. */
function readPrediction(line: string, slot: Slot, atMs: number): LoggedPrediction | undefined {
  const whole = parse(line);
  const prediction = isRecord(whole) ? whole["prediction"] : undefined;
  if (!isRecord(prediction)) return undefined;
  const { requestId, version, answer, segment } = prediction;
  if (typeof requestId !== "string" || requestId === "") return undefined;
  const segments = Object.entries(isRecord(segment) ? segment : {}).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return {
    requestId,
    slot,
    version: typeof version === "string" && version !== "" ? version : undefined,
    atMs,
    answer,
    segments: Object.fromEntries(segments),
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A log has lines of every kind.
    return undefined;
  }
}
