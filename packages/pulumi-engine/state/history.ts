import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { withChecksum } from "./checksum.ts";
import { createExclusively, readCheckedIfThere } from "./files.ts";

export type UpdateKind = "update" | "refresh" | "destroy";

/** One update that ended, with the configuration it ran with (as in the stack file: secrets encrypted). */
export interface HistoryEntry {
  version: number;
  kind: UpdateKind;
  startTime: string;
  endTime: string;
  message: string;
  environment: Record<string, string>;
  config: Record<string, unknown>;
  result: "succeeded" | "failed";
  resourceChanges: Record<string, number>;
}

export interface History {
  /** Numbers the entry and keeps it. */
  add(stack: string, entry: Omit<HistoryEntry, "version">): Promise<HistoryEntry>;
  /** Newest first; at most `limit` after skipping `skip`. */
  list(stack: string, limit?: number, skip?: number): Promise<HistoryEntry[]>;
  remove(stack: string): Promise<void>;
}

/** Of each stack, the newest; about 6 kB each. Pulumi's own backends keep all of them. */
export const KEPT_UPDATES = 5_000;

/** One JSON file per update: `<stateDirectory>/history/<stack>/<version>.json`. */
export function openHistory(stateDirectory: string, keptUpdates = KEPT_UPDATES): History {
  const directoryOf = (stack: string) => join(stateDirectory, "history", stack);
  const versions = async (stack: string): Promise<number[]> => {
    await mkdir(directoryOf(stack), { recursive: true });
    const files = await readdir(directoryOf(stack));
    return files
      .filter((file) => /^\d+\.json$/.test(file))
      .map((file) => Number.parseInt(file, 10))
      .sort((a, b) => b - a);
  };
  return {
    async add(stack, entry) {
      const before = await versions(stack);
      let version = before[0] ?? 0;
      for (;;) {
        version += 1;
        const whole = { version, ...entry };
        const path = join(directoryOf(stack), `${version}.json`);
        if (!(await createExclusively(path, withChecksum(`${JSON.stringify(whole, undefined, 2)}\n`))))
          continue;
        for (const old of before.slice(keptUpdates - 1))
          await rm(join(directoryOf(stack), `${old}.json`), { force: true });
        return whole;
      }
    },
    async list(stack, limit = Number.POSITIVE_INFINITY, skip = 0) {
      const wanted = (await versions(stack)).slice(skip, skip + limit);
      return Promise.all(
        wanted.map(async (version) => {
          const path = join(directoryOf(stack), `${version}.json`);
          const fix = "it tells of one update; put a good copy there, or remove it";
          // The file is this module's own, created whole by `add`.
          return (await readCheckedIfThere(path, "version", fix)) as HistoryEntry;
        }),
      );
    },
    remove: (stack) => rm(directoryOf(stack), { recursive: true, force: true }),
  };
}
