import { closeSync, openSync, readSync, statSync } from "node:fs";
import { AwsError } from "../aws-api/errors.ts";
import { readLogName } from "./log-files.ts";

export interface TaskLog {
  readonly taskId: string;
  /** Of a task that has several. */
  readonly container?: string;
  /** `family:revision` of what it ran; undefined: version 0.1 started it. */
  readonly taskDefinition: string | undefined;
  /** Oldest first. */
  readonly lines: readonly string[];
}

/** Read from the end of a file: enough for any number of lines that a person reads. */
const MOST_BYTES = 256 * 1024;
const MOST_LINES = 10_000;
/** The newest tasks: those of a crash loop are all alike. */
const MOST_TASKS = 10;

/** The last lines of each of these log files, in their order. A file that has just been removed is left out. */
export function tailLogs(files: readonly string[], lines: number): readonly TaskLog[] {
  return files.slice(0, MOST_TASKS).flatMap((file) => {
    const tail = readTail(file);
    if (tail === undefined) return [];
    const all = tail.split("\n");
    if (all.at(-1) === "") all.pop();
    return [{ ...readLogName(file), lines: all.slice(-lines) }];
  });
}

function readTail(file: string): string | undefined {
  try {
    const { size } = statSync(file);
    const from = Math.max(0, size - MOST_BYTES);
    const bytes = Buffer.alloc(size - from);
    const descriptor = openSync(file, "r");
    try {
      const read = readSync(descriptor, bytes, 0, bytes.length, from);
      const text = bytes.subarray(0, read).toString("utf8");
      // Begins in the middle of a line, when it does not begin at the file's start.
      return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Old files go while new tasks come; what is gone has nothing to show.
    return undefined;
  }
}

/** `GET /logs/<service>?lines=<n>`: what the service's tasks wrote last, the newest task first. */
export function logsHandler(logFiles: (service: string) => readonly string[]) {
  return ({ method, url }: { readonly method: string; readonly url: URL }): readonly TaskLog[] => {
    const service = /^\/logs\/([A-Za-z0-9_-]{1,255})$/.exec(url.pathname)?.[1];
    if (method !== "GET" || service === undefined) {
      throw new AwsError("UnknownPath", `nothing is served at ${method} ${url.pathname}`, 404);
    }
    const lines = Number(url.searchParams.get("lines") ?? "100");
    if (!Number.isInteger(lines) || lines < 1 || lines > MOST_LINES) {
      throw new AwsError("ValidationException", `lines is a whole number from 1 to ${MOST_LINES}`);
    }
    return tailLogs(logFiles(service), lines);
  };
}
