import { join } from "node:path";
import type { LockHolder } from "../../local/engine/lock.ts";
import { listIfThere, readJsonIfThere } from "../../local/engine/files.ts";
import { backendDirectory } from "../../local/project.ts";
import { judgeHolder, type Witness } from "../../validation/adapters/lock-holders.ts";

/** As the CLI's file backend writes a lock (pkg/backend/diy/lock.go, lockContent). */
interface LockContent {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

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
  const mend = "it locks the stack; see that nobody updates it, and remove it with `pulumi cancel`";
  const read = await Promise.all(files.map((name) => readJsonIfThere(join(locks, name), mend)));
  const holders = read
    // One that has gone meanwhile holds nothing.
    .filter((content) => content !== undefined)
    .map((content) => holderOf(content as LockContent));
  return holders.find((holder) => !judgeHolder(holder, witness).dead) ?? holders[0];
}

function holderOf({ pid, username, hostname, timestamp }: LockContent): LockHolder {
  return { pid, user: username, host: hostname, time: timestamp };
}
