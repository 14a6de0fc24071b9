import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";

import { parseChecked } from "./checksum.ts";
import { FileError, hasCode, messageOf, type FileProblem } from "../errors.ts";

/** errno(3), by what a person does about them. */
const PROBLEMS: Readonly<Record<string, FileProblem>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EROFS: "forbidden",
  EISDIR: "broken",
  ENOTDIR: "broken",
  EIO: "broken",
};
const BECAUSE = {
  full: "no space is left",
  forbidden: "this user may not",
  broken: "it is no file, or the disk is damaged; put it away",
};

/** Runs `use`; what the disk or the permissions of its files refuse is a FileError that names the file. */
async function onDisk<T>(
  path: string,
  does: "written" | "read" | "removed",
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const problem = PROBLEMS[code];
    if (problem === undefined) throw error;
    const left = does === "written" ? "; what stood there is as it was" : "";
    throw new FileError(problem, `${path} cannot be ${does}: ${BECAUSE[problem]} (${code})${left}`);
  }
}

/** Replaces the file in one step: readers see the old text or the new one, also after a crash. */
export const writeAtomically = (path: string, text: string): Promise<void> =>
  onDisk(path, "written", () => replace(path, text));

async function replace(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    await rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Creates the file with its whole text, or answers false because it exists already. */
export const createExclusively = (path: string, text: string): Promise<boolean> =>
  onDisk(path, "written", () => create(path, text));

async function create(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** The text of the file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await onDisk(path, "read", () => readFile(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** What differs when the file has been replaced (a new one has another time, also where it gets the old one's number). */
export async function stampIfThere(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await onDisk(path, "read", () => stat(path, { bigint: true }));
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * The value of a file that this program wrote with a checksum (`checksum.ts`, `firstMember`); undefined when there is
 * none. `fix` says what a person does about a file that somebody else, or a dying disk, has written over. Throws
 * FileError that names the file.
 */
export async function readCheckedIfThere(path: string, firstMember: string, fix: string): Promise<unknown> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return parseChecked(text, firstMember);
  } catch (error) {
    throw brokenFile(path, messageOf(error), fix);
  }
}

/** Of a file with a content that nobody can use. */
export const brokenFile = (path: string, reason: string, fix: string): FileError =>
  new FileError("broken", `${path} is broken (${reason}): ${fix}`);

/** The names in the directory; none when it does not exist. */
export async function listIfThere(directory: string): Promise<string[]> {
  try {
    return await onDisk(directory, "read", () => readdir(directory));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Removes the file; one that is gone already is fine. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await onDisk(path, "removed", () => unlink(path));
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** Gives the file a name beside it that is not taken, and answers with that. */
export async function putAside(path: string): Promise<string> {
  const copy = `${path}.broken-${randomBytes(3).toString("hex")}`;
  await onDisk(path, "written", () => rename(path, copy));
  return copy;
}

async function writeTemporary(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  // Only the owner may read: these files hold keys, and what was decrypted for a provider. One that is there already
  // would keep its own mode.
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    // On a full disk every try would leave one more.
    await removeIfThere(temporary);
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
