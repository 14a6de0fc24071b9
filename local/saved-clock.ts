import { isRecord } from "../contract/field.ts";
import { virtualAt, type ClockOrigin } from "./clock.ts";
import { readIfThere, writeAtomically } from "./engine/files.ts";

/**
 * The clock's life as segments, each with its own speed, newest last. Virtual time never goes back: a new
 * segment begins where the last one was seen, or now, whichever is later.
 */
export interface SavedClock {
  readonly origin: ClockOrigin;
  /** Remembers how far virtual time has come; called whenever the cloud is saved. */
  save(): Promise<void>;
}

interface Segment extends ClockOrigin {
  readonly lastVirtualMs: number;
}

/** Opens the clock kept at `path` and begins a segment with `speed` virtual milliseconds per real one. */
export async function openClock(
  path: string,
  speed: number,
  realNow: () => number = Date.now,
): Promise<SavedClock> {
  const segments = readSegments(path, await readIfThere(path));
  const startMs = realNow();
  const origin: ClockOrigin = {
    virtualMs: Math.max(startMs, segments.at(-1)?.lastVirtualMs ?? 0),
    realMs: startMs,
    speed,
  };
  const save = () => {
    const open: Segment = { ...origin, lastVirtualMs: virtualAt(origin, realNow()) };
    return writeAtomically(path, JSON.stringify([...segments, open]));
  };
  await save();
  return { origin, save };
}

function readSegments(path: string, text: string | undefined): readonly Segment[] {
  if (text === undefined) return [];
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed) || !parsed.every(isSegment)) {
    throw new Error(`${path} does not hold the segments of a clock; remove it to start anew`);
  }
  return parsed;
}

function isSegment(value: unknown): value is Segment {
  const numbers = ["virtualMs", "realMs", "speed", "lastVirtualMs"];
  return isRecord(value) && numbers.every((key) => typeof value[key] === "number");
}
