import { join } from "node:path";
import * as v from "valibot";
import { isRecord } from "../../contract/config/field.ts";
import type { LockHolder } from "../../packages/pulumi-engine/state/lock.ts";
import { brokenFile, listIfThere, readIfThere } from "../../packages/pulumi-engine/state/files.ts";
import { backendDirectory } from "./project.ts";
import { judgeHolder, type Witness } from "../../validation/adapters/lock-holders.ts";

/** As the CLI's file backend writes a lock (pkg/backend/diy/lock.go, lockContent); the time is RFC 3339. */
const lock = v.object({
  pid: v.number(),
  username: v.string(),
  hostname: v.string(),
  timestamp: v.string(),
});
type LockContent = v.InferOutput<typeof lock>;

/**
 * Who holds the local stack, as the CLI's file backend has it: one file for each lock. Of several the one that may
 * live, because `pulumi cancel` removes them all.
 */
export async function cliLockHolder(
  directory: string,
  project: string,
  stack: string,
  witness?: Witness,
): Promise<LockHolder | undefined> {
  const locks = join(backendDirectory(directory), ".pulumi", "locks", "organization", project, stack);
  const files = (await listIfThere(locks)).filter((name) => name.endsWith(".json"));
  const fix = "it locks the stack; see that nobody updates it, and remove it with `pulumi cancel`";
  const read = await Promise.all(files.map((name) => readLock(join(locks, name), fix)));
  const holders = read
    // One that has gone meanwhile holds nothing.
    .filter((content) => content !== undefined)
    .map(holderOf);
  return holders.find((holder) => !judgeHolder(holder, witness).dead) ?? holders[0];
}

/** undefined: it has gone meanwhile. Throws FileError for what the CLI has not written. */
async function readLock(path: string, fix: string): Promise<LockContent | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const found = parse(text);
  if (!isRecord(found)) throw brokenFile(path, "it is no JSON object", fix);
  const read = v.safeParse(lock, found);
  if (!read.success) throw brokenFile(path, "it names no process", fix);
  return read.output;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function holderOf({ pid, username, hostname, timestamp }: LockContent): LockHolder {
  return { pid, user: username, host: hostname, time: timestamp };
}
