import { basename, dirname, join } from "node:path";
import { isRecord } from "../is-record.ts";
import { AwsError } from "../aws-api/errors.ts";
import { parseChecked, withChecksum } from "../../pulumi-engine/state/checksum.ts";
import { FileError, messageOf, UserError } from "../../pulumi-engine/errors.ts";
import {
  listIfThere,
  putAside,
  readIfThere,
  removeIfThere,
  writeAtomically,
} from "../../pulumi-engine/state/files.ts";

/** A part of the local cloud with something that must outlive the process. */
export interface Part {
  /** JSON-safe. */
  snapshot(): unknown;
  /** Into a new part only. Throws when the snapshot has another format. */
  restore(snapshot: unknown): void | Promise<void>;
}

export interface StateFile {
  /** Gives each part its snapshot, in the order of the parts. Throws UserError that names the file and what to do. */
  restore(): Promise<void>;
  save(): Promise<void>;
}

/**
 * One JSON file with a checksum and the snapshots of the parts, each under its name. `without`: what a start without the
 * file means, for the person who reads that it is broken.
 */
export function stateFile(
  path: string,
  parts: Readonly<Record<string, Part>>,
  without = STARTS_EMPTY,
): StateFile {
  const [firstPart = ""] = Object.keys(parts);
  return {
    async restore() {
      await removeUnfinished(path);
      const text = await readIfThere(path);
      if (text === undefined) return;
      try {
        const saved: unknown = parseChecked(text, firstPart);
        if (!isRecord(saved)) throw new Error("it is not an object");
        for (const [name, part] of Object.entries(parts)) {
          if (saved[name] !== undefined) await part.restore(saved[name]);
        }
      } catch (error) {
        // A part says so of the machine (a port that is taken), not of the file.
        if (error instanceof AwsError)
          throw new UserError(
            `the local cloud cannot come back: ${error.message}.\n  Or move ${path} away: ${without}`,
          );
        throw unreadable(path, messageOf(error), without);
      }
    },
    async save() {
      const snapshots = Object.entries(parts).map(([name, part]) => [name, part.snapshot()] as const);
      await writeAtomically(path, withChecksum(JSON.stringify(Object.fromEntries(snapshots))));
    },
  };
}

/**
 * The same for a part without which the cloud is whole: a file that cannot be read is put aside, `tell` says so, and
 * the part begins anew. The resources do not go with it. `loses`: what is lost then, in words.
 */
export function dispensable(
  file: StateFile,
  path: string,
  loses: string,
  tell: (line: string) => void,
): StateFile {
  return {
    ...file,
    async restore() {
      try {
        await file.restore();
      } catch (error) {
        if (!(error instanceof FileError && error.problem === "broken")) throw error;
        const copy = await putAside(path);
        const [reason] = error.message.split("\n");
        tell(`${reason} It is put aside as ${copy}; lost is ${loses}, and everything else is as it was`);
      }
    },
  };
}

const STARTS_EMPTY = "the cloud then starts empty";

/** What the person reads when a file of the local cloud is not what was written there. `without`: what comes of that. */
export function unreadable(path: string, reason: string, without: string): FileError {
  return new FileError(
    "broken",
    `the local cloud cannot be brought back from ${path}: ${reason}.\n` +
      `  Put a good copy there, or move it away: ${without}`,
  );
}

/** What a process left that was killed while it wrote; nobody else writes here. */
async function removeUnfinished(path: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}.`;
  const names = (await listIfThere(directory)).filter(
    (name) => name.startsWith(prefix) && name.endsWith(".tmp"),
  );
  await Promise.all(names.map((name) => removeIfThere(join(directory, name))));
}
