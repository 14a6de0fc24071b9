import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { messageOf } from "../../pulumi-engine/errors.ts";
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

export interface LogTimesOptions {
  readonly keptBytes?: number;
  /** Gets lines for the person who runs the local cloud. */
  readonly tell: (line: string) => void;
}

/**
 * Looks at the logs that grow and remembers when they had which length. What cannot be written (a full disk, say) takes
 * nothing down: it is told once, the next look tries again, and that it works again is told too.
 */
export function recordLogTimes(
  clock: Clock,
  files: () => readonly string[],
  { keptBytes = KEPT_LOG_BYTES, tell }: LogTimesOptions,
): LogTimes {
  const known = new Map<string, LogMark[]>();
  const failing = new Set<string>();
  let isTold = false;
  const marksOf = (file: string) => {
    const found = known.get(file) ?? readMarks(file);
    known.set(file, found);
    return found;
  };
  const worked = (file: string) => {
    failing.delete(file);
    if (!isTold || failing.size > 0) return;
    tell("the local cloud can note again when tasks write their logs");
    isTold = false;
  };
  const failed = (file: string, error: unknown) => {
    failing.add(file);
    if (isTold) return;
    tell(
      `the local cloud cannot note when ${file} is written: ${messageOf(error)}. It goes on, and tries again each second`,
    );
    isTold = true;
  };
  const look = (file: string) => {
    const end = statSync(file, { throwIfNoEntry: false })?.size;
    if (end === undefined) return;
    const marks = marksOf(file);
    const before = marks.at(-1)?.end ?? 0;
    if (end > keptBytes || end < before) {
      // Tasks append, so what they write next stands at its begin.
      if (end > keptBytes) truncateSync(file);
      writeFileSync(timesFile(file), "");
      marks.length = 0;
    } else if (end > before) {
      const mark = { end, atMs: Math.floor(clock.now()) };
      // What failed may have left half a line, which would change the numbers of this one.
      appendFileSync(timesFile(file), `${failing.has(file) ? "\n" : ""}${mark.end} ${mark.atMs}\n`);
      marks.push(mark);
    } else return;
    worked(file);
  };
  const close = every(clock, PERIOD_MS, 0, () => {
    const growing = new Set(files());
    // Of one that grows no more its marks are on disk, and a cloud that runs for weeks has thousands of those.
    for (const file of known.keys()) if (!growing.has(file)) known.delete(file);
    for (const file of failing) if (!growing.has(file)) failing.delete(file);
    for (const file of growing) {
      try {
        look(file);
      } catch (error) {
        failed(file, error);
      }
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
