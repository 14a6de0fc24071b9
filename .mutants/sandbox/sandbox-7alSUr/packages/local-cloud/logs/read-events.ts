import { closeSync, openSync, readSync } from "node:fs";
import type { LogMark } from "./log-times.ts";

/** A line of a log stream. */
export interface LogEvent {
  readonly stream: string;
  /** Where the line begins in its file: with the stream it names the event. */
  readonly offset: number;
  /** Virtual, epoch milliseconds. */
  readonly atMs: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly file: string;
  readonly marks: readonly LogMark[];
}

const CHUNK_BYTES = 1024 * 1024;

/** The stream's lines from `fromMs` to `toMs`, both included, oldest first, as they are asked for. */
export function* eventsOf(stream: LogStream, fromMs: number, toMs: number): Generator<LogEvent> {
  const descriptor = opened(stream.file);
  if (descriptor === undefined) return;
  try {
    yield* timedLines(stream, descriptor, fromMs, toMs);
  } finally {
    closeSync(descriptor);
  }
}

/** undefined: it is not there. Old files go while new tasks come. */
function opened(file: string): number | undefined {
  try {
    return openSync(file, "r");
  } catch {
    return undefined;
  }
}

function* timedLines(
  { marks, name }: LogStream,
  descriptor: number,
  fromMs: number,
  toMs: number,
): Generator<LogEvent> {
  const first = marks.findIndex(({ atMs }) => atMs >= fromMs);
  if (first === -1) return;
  // A look may have come in the middle of a line.
  let next = first;
  while (next > 0 && !endsLine(descriptor, marks[next - 1]?.end ?? 0)) next -= 1;
  for (const line of linesOf(descriptor, marks[next - 1]?.end ?? 0, marks.at(-1)?.end ?? 0)) {
    // A line is there when its end is.
    while ((marks[next]?.end ?? Infinity) < line.end) next += 1;
    const atMs = marks[next]?.atMs;
    if (atMs === undefined || atMs > toMs) return;
    const { offset, message } = line;
    if (atMs >= fromMs && message !== "") yield { stream: name, offset, atMs, message };
  }
}

const LINE_FEED = 10;

function endsLine(descriptor: number, end: number): boolean {
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, end - 1);
  return byte[0] === LINE_FEED;
}

interface LogLine {
  readonly offset: number;
  /** After its line feed. */
  readonly end: number;
  readonly message: string;
}

function* linesOf(descriptor: number, from: number, to: number): Generator<LogLine> {
  let rest = Buffer.alloc(0);
  for (let at = from; at < to;) {
    const bytes = Buffer.alloc(Math.min(CHUNK_BYTES, to - at));
    const length = readSync(descriptor, bytes, 0, bytes.length, at);
    if (length === 0) return;
    const begin = at - rest.length;
    const chunk = Buffer.concat([rest, bytes.subarray(0, length)]);
    at += length;
    let start = 0;
    for (let stop = chunk.indexOf(LINE_FEED); stop >= 0; stop = chunk.indexOf(LINE_FEED, start)) {
      yield { offset: begin + start, end: begin + stop + 1, message: chunk.toString("utf8", start, stop) };
      start = stop + 1;
    }
    rest = chunk.subarray(start);
  }
}
