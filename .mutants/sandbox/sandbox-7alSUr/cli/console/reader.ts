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
  /** How often something was changed from here: a reading that began before a change is old when it ends. */
  let changes = 0;
  const read = async (): Promise<ConsoleState> => {
    const before = changes;
    const state = await readState(subject, memory);
    newest = before === changes ? { state, atWallMs: wall() } : undefined;
    return state;
  };
  return {
    subject,
    soon() {
      changes += 1;
      newest = undefined;
    },
    async state() {
      if (newest !== undefined && wall() - newest.atWallMs < newest.state.everySeconds * 1000)
        return newest.state;
      reading ??= read().finally(() => (reading = undefined));
      return reading;
    },
  };
}
