import { isDeepStrictEqual } from "node:util";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { isRecord } from "../../../contract/config/field.ts";
import { logGroupOf } from "../../../contract/names/names.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { FoundPrediction, LoggedPrediction, PredictionLog } from "../../ports.ts";
import type { Backoff } from "../backoff.ts";
import { pagesOf } from "../logs/events.ts";

/** A term of a filter pattern: only lines that have it are sent (CloudWatch Logs, "Filter pattern syntax"). */
const WORD = "prediction";

/** The lines that a slot's tasks write for predictions: `{"prediction": {"requestId": …, "answer": …}}`. */
export function cloudWatchPredictions(
  client: () => Promise<CloudWatchLogsClient>,
  backoff?: Backoff,
): PredictionLog {
  return {
    async find(services, requestIds, fromMs, toMs) {
      const found = new Map<string, FoundPrediction>();
      for (const [slot, service] of services) {
        const asked = {
          logGroupName: logGroupOf(service),
          startTime: fromMs,
          endTime: toMs,
          filterPattern: WORD,
        };
        for await (const { events = [] } of pagesOf(client, asked, backoff)) {
          for (const { timestamp, message } of events) {
            if (timestamp === undefined || message === undefined) continue;
            const read = readPrediction(message, slot, timestamp);
            if (read === undefined || !requestIds.has(read.requestId)) continue;
            found.set(read.requestId, oneOf(found.get(read.requestId), read));
          }
        }
      }
      return found;
    },
  };
}

/** An honest client that asks again gets the same from the same model: nothing is lost. The minute is that of the first. */
function oneOf(before: FoundPrediction | undefined, read: LoggedPrediction): FoundPrediction {
  if (before === undefined) return read;
  if (before === "several") return before;
  const atMs = Math.min(before.atMs, read.atMs);
  return isDeepStrictEqual({ ...before, atMs }, { ...read, atMs }) ? { ...read, atMs } : "several";
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
