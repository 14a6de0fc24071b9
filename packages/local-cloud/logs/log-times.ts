import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { every, type Clock } from "../clock.ts";

/** Virtual: a line's time is this late at most. On AWS it is when the log driver has read the line. */
const PERIOD_MS = 1000;

/** So many bytes of a file were there at that time of the cloud's clock. */
export interface LogMark {
  readonly end: number;
  readonly atMs: number;
}

/** When the lines of a log were written: a task's output carries no times of its own. */
export interface LogTimes {
  /** Oldest first; what a file has beyond its last mark has not been taken in yet. */
  marks(file: string): readonly LogMark[];
  close(): void;
}

/** Kept beside the log, so that a restart does not forget it. */
export const timesFile = (file: string): string => `${file}.times`;

/** A log that is greater begins anew: what a task wrote before is gone. */
export const KEPT_LOG_BYTES = 64 * 1024 * 1024;

/** Looks at the logs that grow and remembers when they had which length. */
export function recordLogTimes(
  clock: Clock,
  files: () => readonly string[],
  keptBytes = KEPT_LOG_BYTES,
): LogTimes {
  const known = new Map<string, LogMark[]>();
  const marksOf = (file: string) => {
    const found = known.get(file) ?? readMarks(file);
    known.set(file, found);
    return found;
  };
  const close = every(clock, PERIOD_MS, 0, () => {
    const growing = new Set(files());
    // Of one that grows no more its marks are on disk, and a cloud that runs for weeks has thousands of those.
    for (const file of known.keys()) if (!growing.has(file)) known.delete(file);
    for (const file of growing) {
      const end = statSync(file, { throwIfNoEntry: false })?.size;
      if (end === undefined) continue;
      const marks = marksOf(file);
      if (end > keptBytes || end < (marks.at(-1)?.end ?? 0)) {
        // Tasks append, so what they write next stands at its begin.
        if (end > keptBytes) truncateSync(file);
        writeFileSync(timesFile(file), "");
        marks.length = 0;
        continue;
      }
      if (end <= (marks.at(-1)?.end ?? 0)) continue;
      const mark = { end, atMs: Math.floor(clock.now()) };
      marks.push(mark);
      appendFileSync(timesFile(file), `${mark.end} ${mark.atMs}\n`);
    }
  });
  return { marks: marksOf, close };
}

function readMarks(file: string): LogMark[] {
  try {
    return readFileSync(timesFile(file), "utf8")
      .split("\n")
      .filter((line) => /^\d+ \d+$/.test(line))
      .map((line) => {
        const [end = 0, atMs = 0] = line.split(" ").map(Number);
        return { end, atMs };
      });
  } catch {
    // A log that nobody has looked at yet has no marks.
    return [];
  }
}
