import { isRecord } from "../is-record.ts";
import { parseChecked, withChecksum } from "../../pulumi-engine/state/checksum.ts";
import { messageOf } from "../../pulumi-engine/errors.ts";
import { virtualAt, type ClockOrigin } from "../clock.ts";
import { readIfThere, writeAtomically } from "../../pulumi-engine/state/files.ts";
import { unreadable } from "./state-file.ts";

/**
 * The clock's life as segments, each with its own speed, newest last. Virtual time never goes back, not even after a
 * kill: what outlives the cloud (states of alarms, a release's `stepSince`) would lie in the future.
 */
export interface SavedClock {
  readonly origin: ClockOrigin;
  /** Remembers how far virtual time has come; to be called at least every `saveEveryMs` of it. */
  save(): Promise<void>;
  /** The last save: the next segment begins where this one was stopped. */
  stop(): Promise<void>;
}

interface Segment extends ClockOrigin {
  /** How far virtual time had come at the last save. */
  readonly lastVirtualMs: number;
  /** It was the last save; otherwise the cloud was killed some time after it. */
  readonly stopped?: boolean;
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
 * Opens the clock kept at `path` and begins a segment: now, or, where virtual time was ahead of that, where the last
 * segment ended. Throws UserError when the file is not a clock's.
 */
export async function openClock(
  path: string,
  { speed, saveEveryMs, realNow = Date.now }: SavedClockOptions,
): Promise<SavedClock> {
  const segments = readSegments(path, await readIfThere(path)).slice(1 - SEGMENTS_KEPT);
  const startMs = realNow();
  const last = segments.at(-1);
  const endMs = last === undefined ? startMs : endOf(last, startMs, saveEveryMs);
  const origin: ClockOrigin = { virtualMs: Math.max(startMs, endMs), realMs: startMs, speed };
  const write = (stopped: boolean) => {
    const open: Segment = { ...origin, lastVirtualMs: virtualAt(origin, realNow()), stopped };
    return writeAtomically(path, withChecksum(JSON.stringify({ segments: [...segments, open] })));
  };
  await write(false);
  return { origin, save: () => write(false), stop: () => write(true) };
}

/** A segment that was killed may have gone on until now, or until it would have been saved again. */
function endOf(segment: Segment, realMs: number, saveEveryMs: number): number {
  const { lastVirtualMs, speed, stopped } = segment;
  if (stopped === true) return lastVirtualMs;
  const latestMs = lastVirtualMs + saveEveryMs + LATE_MS * speed;
  return Math.max(lastVirtualMs, Math.min(virtualAt(segment, realMs), latestMs));
}

function readSegments(path: string, text: string | undefined): readonly Segment[] {
  if (text === undefined) return [];
  let parsed: unknown;
  try {
    // A list alone is the clock of a version that wrote no checksums.
    parsed = text.startsWith("[") ? { segments: JSON.parse(text) } : parseChecked(text, "segments");
  } catch (error) {
    throw unreadable(path, messageOf(error), BEGINS_ANEW);
  }
  const segments = isRecord(parsed) ? parsed["segments"] : undefined;
  if (Array.isArray(segments) && segments.every(isSegment)) return segments;
  throw unreadable(path, "it does not hold the segments of a clock", BEGINS_ANEW);
}

const BEGINS_ANEW =
  "the cloud then begins with the time of this machine, and\n" +
  "  keeps everything else; what it had been ahead of that (--speed) is in the future of its alarms and releases";

// ECMAScript, "Time Values": a date has at most 100,000,000 days on either side of 1970. A cloud goes on for long after.
const LATEST_MS = 8e15;
/** A segment that was killed may have gone on for seconds of this machine: with a speed above it, for longer than time has. */
const FASTEST = 1e6;
const isTime = (value: unknown) => typeof value === "number" && value >= 0 && value <= LATEST_MS;

function isSegment(value: unknown): value is Segment {
  if (!isRecord(value)) return false;
  const { speed } = value;
  const times = [value["virtualMs"], value["realMs"], value["lastVirtualMs"]];
  return times.every(isTime) && typeof speed === "number" && speed > 0 && speed <= FASTEST;
}
