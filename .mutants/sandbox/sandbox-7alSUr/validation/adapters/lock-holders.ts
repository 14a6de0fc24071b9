import type { Fate } from "../core/owner.ts";
import type { LockHolder } from "../ports.ts";
import { openRunRecords, stateDirectory } from "./processes/records.ts";

/** A lock as an engine tells of it. */
export interface HeldLock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, when it was taken. */
  readonly time: string;
  /** Of the run that holds it, in a lock of the embedded engine; undefined: a lock of the CLI names none. */
  readonly run?: string | undefined;
}

/** What tells whether who took a lock has ended; injected for tests. */
export interface Witness {
  readonly fateOf: (lock: HeldLock) => Fate;
}

/** Host names and ages prove nothing: hosted runners share names, and a job may run for longer than any limit of ours. */
const RECORDS: Witness = {
  fateOf(lock) {
    const records = openRunRecords(stateDirectory());
    return lock.run === undefined ? records.fateOfLock(lock) : records.fateOfRun(lock.run);
  },
};

// Both texts are Pulumi's own (automation/errors.js); the first is Pulumi Cloud's, the second every other backend's.
const CONFLICT = /Another update is currently in progress|the stack is currently locked by/;
// One line for each lock (pkg/backend/diy/lock.go, checkForLock); the end of it is the embedded engine's.
const HOLDER = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)(?: by run ([\w-]+))?/g;

/** Who holds the stack, from what Pulumi said; undefined: its message is about something else. */
export function lockHolders(
  message: string,
  { fateOf = RECORDS.fateOf }: Partial<Witness> = RECORDS,
): readonly LockHolder[] | undefined {
  if (!CONFLICT.test(message)) return undefined;
  const holders = [...message.matchAll(HOLDER)].map(([, user = "", host = "", pid, time = "", run]) =>
    judgeHolder({ user, host, pid: Number(pid), time, run }, { fateOf }),
  );
  // Execa repeats standard error in its message, so the same lock may be named twice.
  const unique = [...new Map(holders.map((one) => [one.who, one])).values()];
  return unique.length > 0 ? unique : [{ who: "another update", dead: false }];
}

/** Whether who took a lock may still be at work. */
export function judgeHolder(lock: HeldLock, { fateOf }: Witness = RECORDS): LockHolder {
  const { user, host, pid, time } = lock;
  const fate = fateOf(lock);
  const who = `${user}@${host} (pid ${pid}, since ${time})`;
  const sinceMs = Date.parse(time);
  return {
    who,
    dead: fate === "ended",
    ...(fate === "runs" ? { runs: true } : {}),
    ...(Number.isFinite(sinceMs) ? { sinceMs } : {}),
  };
}
