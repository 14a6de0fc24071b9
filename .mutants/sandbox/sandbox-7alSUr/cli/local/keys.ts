import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readLocalKeys, type LocalKeys } from "../../packages/local-cloud/access/address.ts";
import { parseChecked, withChecksum } from "../../packages/pulumi-engine/state/checksum.ts";
import { hasCode } from "../../packages/pulumi-engine/errors.ts";
import { createExclusively, readIfThere, removeIfThere } from "../../packages/pulumi-engine/state/files.ts";
import { UserError } from "../../validation/errors.ts";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * The keys of the local cloud whose state stands in this directory: those of the last time, so that what a shell has
 * exported goes on working; new ones when there are none, or when another user could have read or written them.
 * Throws UserError for a directory of another user.
 */
export async function openKeys(stateDirectory: string, tell: (line: string) => void): Promise<LocalKeys> {
  await ownDirectory(stateDirectory, tell);
  const file = join(stateDirectory, "keys.json");
  const doubt = await doubtAbout(file);
  const kept = doubt === undefined ? parse(await readIfThere(file)) : undefined;
  if (kept !== undefined) return kept;
  if (doubt !== "absent") {
    tell(`New keys: ${file} ${doubt ?? "is broken"}. What was exported before opens nothing any more.`);
    await removeIfThere(file);
  }
  const keys = newKeys();
  if (await createExclusively(file, withChecksum(`${JSON.stringify(keys)}\n`))) return keys;
  // Another start was faster; one of the two ends soon, and the keys must be those of the other one.
  return openKeys(stateDirectory, tell);
}

/** Makes the directory, or makes an existing one ours alone. Throws UserError when it is another user's. */
export async function ownDirectory(directory: string, tell: (line: string) => void): Promise<void> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  const { uid, mode } = await lstat(directory);
  if (!isOurs(uid))
    throw new UserError(
      "BG240",
      `${directory} belongs to user id ${uid}, this is user id ${process.getuid?.()}.`,
    );
  if ((mode & 0o777) === DIRECTORY_MODE) return;
  tell(`${directory} was open to other users of this machine (mode ${show(mode)}); now it is not (700).`);
  await chmod(directory, DIRECTORY_MODE);
}

/** 20 characters, as an access key id of AWS has; 256 bits each of what is secret. */
function newKeys(): LocalKeys {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").toUpperCase().slice(1)}`,
    secretAccessKey: randomBytes(32).toString("base64url"),
    token: randomBytes(32).toString("base64url"),
  };
}

/** Why the file cannot be trusted; undefined: it can. */
async function doubtAbout(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file);
    if (!found.isFile()) return "is not a plain file";
    if (!isOurs(found.uid)) return `belongs to user id ${found.uid}`;
    // A second name could stand in a directory that others can read.
    if (found.nlink > 1) return "has a second name";
    return (found.mode & 0o777) === FILE_MODE ? undefined : `has mode ${show(found.mode)}, not 600`;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "absent";
    throw error;
  }
}

/** Windows has no user ids, and guards a person's directories by itself. */
const isOurs = (uid: number) => process.getuid === undefined || process.getuid() === uid;
const show = (mode: number) => (mode & 0o777).toString(8);

function parse(text: string | undefined): LocalKeys | undefined {
  try {
    return text === undefined ? undefined : readLocalKeys(parseChecked(text, "accessKeyId"));
  } catch {
    // What cannot be read opens nothing; the caller makes new ones and says so.
    return undefined;
  }
}
