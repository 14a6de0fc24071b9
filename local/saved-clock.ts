import { isRecord } from "../contract/field.ts";
import { virtualAt, type ClockOrigin } from "./clock.ts";
import { readIfThere, writeAtomically } from "./engine/files.ts";
import { unreadable } from "./state-file.ts";

/**
 * The clock's life as segments, each with its own speed, newest last. Virtual time never goes back, not even after a
 * kill: what outlives the cloud (alarm states, the release's `stepSince`) would lie in the future.
 */
export interface SavedClock {
  readonly origin: ClockOrigin;
  /** To be called every `saveEveryMs` of virtual time at the latest. */
  save(): Promise<void>;
  /** The last save: the next segment begins where this one was stopped. */
  stop(): Promise<void>;
}

interface Segment extends ClockOrigin {
  /** Virtual time has not come further than this in the segment. */
  readonly lastVirtualMs: number;
}

export interface SavedClockOptions {
  /** Virtual milliseconds per real one; > 0. */
  readonly speed: number;
  /** Virtual milliseconds. */
  readonly saveEveryMs: number;
  readonly realNow?: () => number;
}

/** A save may be this late (real time): a stalled machine, a slow disk. */
const LATE_MS = 5000;
/** Starts of the cloud that the file tells of. */
const SEGMENTS_KEPT = 100;

/**
 * Opens the clock kept at `path` and begins a segment: now, or, where virtual time was ahead of the real one, where the
 * last segment ended. A segment that was killed ended when the new one begins, and at the latest when it would have
 * saved again. Throws UserError when the file is not a clock's.
 */
export async function openClock(
  path: string,
  { speed, saveEveryMs, realNow = Date.now }: SavedClockOptions,
): Promise<SavedClock> {
  const segments = readSegments(path, await readIfThere(path)).slice(1 - SEGMENTS_KEPT);
  const last = segments.at(-1);
  const startMs = realNow();
  const endedMs = last === undefined ? 0 : Math.min(virtualAt(last, startMs), last.lastVirtualMs);
  const origin: ClockOrigin = { virtualMs: Math.max(startMs, endedMs), realMs: startMs, speed };
  const write = (aheadMs: number) => {
    const open: Segment = { ...origin, lastVirtualMs: virtualAt(origin, realNow()) + aheadMs };
    return writeAtomically(path, JSON.stringify([...segments, open]));
  };
  const save = () => write(saveEveryMs + LATE_MS * speed);
  await save();
  return { origin, save, stop: () => write(0) };
}

function readSegments(path: string, text: string | undefined): readonly Segment[] {
  if (text === undefined) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, String(error));
  }
  if (Array.isArray(parsed) && parsed.every(isSegment)) return parsed;
  throw unreadable(path, "it does not hold the segments of a clock");
}

function isSegment(value: unknown): value is Segment {
  const numbers = ["virtualMs", "realMs", "speed", "lastVirtualMs"];
  return isRecord(value) && numbers.every((key) => typeof value[key] === "number");
}
