import { readState, type ReadMemory, type Subject } from "./state/read-state.ts";
import type { ConsoleState } from "./state/console-state.ts";

/** Reads for all pages at once, and only while one of them asks. */
export interface Reader {
  /** The newest reading; made now when there is none that is new enough. */
  state(): Promise<ConsoleState>;
  /** What is at hand may be old: something was just changed. */
  soon(): void;
  /** What the readings are made of; undefined: nothing could be opened yet. */
  subject(): Promise<Subject>;
}

const REAL_SECOND_MS = 1_000;
/** Of the stack's clock. */
const EVERY_SECONDS = 10;

/** `open` is tried again until it succeeds: a stack may come up after the page. */
export function openReader(open: () => Promise<Subject>, wall: () => number = Date.now): Reader {
  const memory: ReadMemory = { check: {}, minutes: new Map(), evidence: new Map() };
  let opened: Promise<Subject> | undefined;
  let newest: { readonly state: ConsoleState; readonly atWallMs: number } | undefined;
  let reading: Promise<ConsoleState> | undefined;
  const subject = () =>
    (opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
  const read = async (): Promise<ConsoleState> => {
    const state = await readState(subject, memory);
    newest = { state, atWallMs: wall() };
    return state;
  };
  return {
    subject,
    soon: () => (newest = undefined),
    async state() {
      const everyMs = Math.max(REAL_SECOND_MS, (EVERY_SECONDS * 1000) / (newest?.state.speed ?? 1));
      if (newest !== undefined && wall() - newest.atWallMs < everyMs) return newest.state;
      reading ??= read().finally(() => (reading = undefined));
      return reading;
    },
  };
}
