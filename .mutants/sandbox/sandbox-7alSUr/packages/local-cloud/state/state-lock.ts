import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isRecord } from "../is-record.ts";
import { FileError, messageOf, UserError } from "../../pulumi-engine/errors.ts";

/** Another process, or another cloud of this one, works on the state directory. */
export class StateInUse extends UserError {
  constructor(directory: string) {
    super(`another local cloud works on ${directory}`);
    this.name = "StateInUse";
  }
}

export interface StateLock {
  release(): void;
}

/** SQLite's result codes (sqlite.org/rescode.html). */
const CODES = { busy: 5, readOnly: 8, full: 13, cannotOpen: 14, noDatabase: 26 } as const;

/**
 * Takes the state directory for one cloud alone. The lock is that of an SQLite file, which the kernel takes away from a
 * process that dies, and which holds between containers that share the directory, too. Throws StateInUse, or FileError
 * when the file of the lock cannot be used.
 */
export async function lockState(directory: string): Promise<StateLock> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "lock");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    throw reasonOf(error, directory, path);
  }
  const held = database;
  return { release: () => held.close() };
}

function reasonOf(error: unknown, directory: string, path: string): unknown {
  const code = isRecord(error) ? error["errcode"] : undefined;
  switch (code) {
    case CODES.busy:
      return new StateInUse(directory);
    case CODES.full:
      return new FileError("full", `${path} cannot be written: ${messageOf(error)}`);
    case CODES.readOnly:
    case CODES.cannotOpen:
      return new FileError("forbidden", `${path} cannot be used: ${messageOf(error)}`);
    case CODES.noDatabase:
      return new FileError(
        "broken",
        `${path} is broken (${messageOf(error)}): it keeps a second cloud away and holds nothing else; remove it`,
      );
    default:
      return error;
  }
}
