import { readdirSync, readFileSync } from "node:fs";
import { identityOf, type ProcessIdentity } from "./identity.ts";

/** What runs now and was started by this process, or by what it has started; none where the system does not tell. */
export function descendantsOf(pid: number): readonly ProcessIdentity[] {
  const parents = parentsOfAll();
  const isBelow = (one: number): boolean => {
    const parent = parents.get(one);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).flatMap((one) => identityOf(one) ?? []);
}

function parentsOfAll(): ReadonlyMap<number, number> {
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return new Map(pids.flatMap((pid) => parentOf(pid)));
  } catch {
    // Another system than Linux.
    return new Map();
  }
}

function parentOf(pid: string): readonly (readonly [number, number])[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc_pid_stat(5): behind the name in parentheses come the state and the parent.
    return [[Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])]];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
