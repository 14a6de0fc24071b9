import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";

import { withChecksum } from "./checksum.ts";
import { UserError } from "../errors.ts";
import { isRecord } from "../values/values.ts";
import { brokenFile, createExclusively, readIfThere, readCheckedIfThere, removeIfThere } from "./files.ts";
import { userName } from "./user-name.ts";

/** Who runs an update. A holder that has died still holds it, as in Pulumi's file backend. */
export interface LockHolder {
  pid: number;
  host: string;
  user: string;
  /** ISO 8601, wall clock. */
  time: string;
  /** A random name of the run that the outside gives (`EngineOptions.runId`): pids and hosts tell nobody apart. */
  run?: string | undefined;
}

export interface HeldLock {
  /** Whether nobody has taken it away meanwhile. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface Locks {
  /** Throws UserError "the stack is currently locked by …" when somebody has it. */
  acquire(stack: string): Promise<HeldLock>;
  holder(stack: string): Promise<LockHolder | undefined>;
  /** Removes the lock, whoever has it; false when there was none. */
  cancel(stack: string): Promise<boolean>;
}

export function openLocks(stateDirectory: string, runId: () => string | undefined = () => undefined): Locks {
  const pathOf = (stack: string) => join(stateDirectory, "locks", `${stack}.json`);
  const read = async (stack: string): Promise<(LockHolder & { token: string }) | undefined> => {
    const fix = "it locks the stack; see that nobody updates it, and remove the file with `pulumi cancel`";
    const found = await readCheckedIfThere(pathOf(stack), "pid", fix);
    if (found === undefined || isHolder(found)) return found;
    throw brokenFile(pathOf(stack), "it names no process", fix);
  };
  return {
    async acquire(stack) {
      const mine = { ...thisProcess(), run: runId(), token: randomUUID() };
      if (!(await createExclusively(pathOf(stack), withChecksum(JSON.stringify(mine))))) {
        throw lockedError(pathOf(stack), await read(stack));
      }
      // After a `cancel` the lock may be somebody else's by now.
      const isHeld = async () => (await read(stack))?.token === mine.token;
      return {
        isHeld,
        async release() {
          if (await isHeld()) await removeIfThere(pathOf(stack));
        },
      };
    },
    async holder(stack) {
      const found = await read(stack);
      if (found === undefined) return undefined;
      const { pid, host, user, time, run } = found;
      return { pid, host, user, time, ...(run === undefined ? {} : { run }) };
    },
    async cancel(stack) {
      const held = (await readIfThere(pathOf(stack))) !== undefined;
      await removeIfThere(pathOf(stack));
      return held;
    },
  };
}

function isHolder(value: unknown): value is LockHolder & { token: string } {
  const texts = ["host", "user", "time", "token"];
  return (
    isRecord(value) &&
    typeof value["pid"] === "number" &&
    texts.every((name) => typeof value[name] === "string")
  );
}

function thisProcess(): LockHolder {
  return { pid: process.pid, host: hostname(), user: userName(), time: new Date().toISOString() };
}

// The Automation API recognises a ConcurrentUpdateError by these words (automation/errors.js, diyBackendConflictText).
function lockedError(path: string, holder: LockHolder | undefined): UserError {
  const by =
    holder &&
    `${holder.user}@${holder.host} (pid ${holder.pid}) at ${holder.time}${holder.run === undefined ? "" : ` by run ${holder.run}`}`;
  return new UserError(
    "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
      `file with \`pulumi cancel\`.\n  ${path}: created by ${by ?? "a process that has just ended"}`,
  );
}
