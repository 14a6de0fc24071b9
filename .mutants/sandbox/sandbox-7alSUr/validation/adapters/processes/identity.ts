import { readFileSync, readlinkSync } from "node:fs";
import type { Fate } from "../../core/owner.ts";

/**
 * One process of one start of one kernel. Host names and process ids do not tell two apart: hosted runners share names,
 * and each PID namespace counts from 1 (pid_namespaces(7)).
 */
export interface ProcessIdentity {
  /** Random for each start of the kernel (random(4)). */
  readonly bootId: string;
  /** Of the PID and the time namespace, as `/proc/self/ns` names them (namespaces(7)): start times are told by the second. */
  readonly namespaces: string;
  readonly pid: number;
  /** Clock ticks from the start of the kernel to that of the process (proc_pid_stat(5), field 22). */
  readonly startTicks: string;
}

/** undefined: the system does not tell (all but Linux), or there is no such process. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const world = ownWorld();
  const stat = world && statOf(pid);
  return world && stat && { ...world, pid, startTicks: stat.startTicks };
}

/** Provably ended is a process of this very kernel and namespace alone, and only when no process has its pid and start. */
export function fateOf({ bootId, namespaces, pid, startTicks }: ProcessIdentity): Fate {
  const world = ownWorld();
  if (world === undefined || world.bootId !== bootId || world.namespaces !== namespaces) return "unknown";
  // Asked first: with `hidepid` (proc(5)) another user's process has no directory, and exists.
  if (!exists(pid)) return "ended";
  const stat = statOf(pid);
  if (stat === undefined) return exists(pid) ? "unknown" : "ended";
  return stat.startTicks === startTicks && !stat.isDead ? "runs" : "ended";
}

/** Where pids and start times of this process mean something; undefined: not known. */
function ownWorld(): Pick<ProcessIdentity, "bootId" | "namespaces"> | undefined {
  try {
    // A /proc that was mounted for another PID namespace knows this process by another pid, and others by ours.
    if (Number.parseInt(readFileSync("/proc/self/stat", "utf8"), 10) !== process.pid) return undefined;
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const namespaces = `${readlinkSync("/proc/self/ns/pid")} ${timeNamespace()}`;
    return bootId === "" ? undefined : { bootId, namespaces };
  } catch {
    // Another system than Linux, or one that hides it.
    return undefined;
  }
}

function timeNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/time");
  } catch {
    // Before Linux 5.6 there was one time for all.
    return "time:none";
  }
}

function statOf(pid: number): { readonly startTicks: string; readonly isDead: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything, so fields are counted from behind it: the state is the third.
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const startTicks = fields[18];
    // A zombie has ended, and waits for a parent that, in a container without an init process, never asks.
    return startTicks === undefined ? undefined : { startTicks, isDead: /^[ZXx]/.test(state) };
  } catch {
    return undefined;
  }
}

/** Whether some process has this pid now; whose it is, it does not say. */
export function exists(pid: number): boolean {
  try {
    // Signal 0 asks whether the process exists and sends nothing (kill(2)).
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
