import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { LONGEST_UPDATE_MS } from "../limits.ts";
import type { LockHolder } from "../ports.ts";

/** What tells whether a process is alive; injected for tests. */
export interface Processes {
  readonly host: string;
  readonly nowMs: () => number;
  readonly isAlive: (pid: number) => boolean;
}

const HERE: Processes = { host: hostname(), nowMs: Date.now, isAlive };

// Both texts are Pulumi's own (automation/errors.js); the first is Pulumi Cloud's, the second every other backend's.
const CONFLICT = /Another update is currently in progress|the stack is currently locked by/;
// One line for each lock (pkg/backend/diy/lock.go, checkForLock).
const HOLDER = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** Who holds the stack, from what Pulumi said; undefined: its message is about something else. */
export function lockHolders(message: string, processes: Processes = HERE): readonly LockHolder[] | undefined {
  if (!CONFLICT.test(message)) return undefined;
  const holders = [...message.matchAll(HOLDER)].map((match) => holder(match, processes));
  // Execa repeats standard error in its message, so the same lock may be named twice.
  const unique = [...new Map(holders.map((one) => [one.who, one])).values()];
  return unique.length > 0 ? unique : [{ who: "another update", dead: false }];
}

function holder(
  [, user = "", host = "", pid, time = ""]: RegExpMatchArray,
  processes: Processes,
): LockHolder {
  return judgeHolder({ user, host, pid: Number(pid), time }, processes);
}

/** Whether who took a lock may still be at work. `time`: ISO 8601, when it was taken. */
export function judgeHolder(
  { user, host, pid, time }: { user: string; host: string; pid: number; time: string },
  processes: Processes = HERE,
): LockHolder {
  const startedMs = Date.parse(time);
  const tooOld = Number.isFinite(startedMs) && processes.nowMs() - startedMs > LONGEST_UPDATE_MS;
  const gone = host === processes.host && !processes.isAlive(pid);
  return { who: `${user}@${host} (pid ${pid})`, dead: gone || tooOld };
}

/** Whether such a process runs on this host. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks whether the process exists and sends nothing (kill(2)).
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Whether it has ended and only waits for its parent to ask how, which in a container without an init process never
 * comes. Linux alone says so: the state is the word after the name in parentheses (proc_pid_stat(5)).
 */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^[ZXx]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    // No such file here: signal 0 has the last word.
    return false;
  }
}
