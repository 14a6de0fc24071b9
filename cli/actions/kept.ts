import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { JOURNAL, journalIn } from "../../validation/adapters/journal-files.ts";
import { UserError } from "../../validation/errors.ts";
import { releasesFolder } from "../journal.ts";
import { type LocalPlace, localPlace } from "../local/place.ts";

/**
 * What was kept of a release: the file that is named, or the journal of the release with this id; undefined: the journal
 * that was written last on this machine, of whichever model.
 * @throws UserError BG411 when no journal, or more than one, is of this id, or none is kept here
 */
export function kept(what: string | undefined, place: LocalPlace = localPlace()): string {
  if (what === undefined) return newestJournal(place);
  return existsSync(what) ? what : journalOfRelease(what, place);
}

const foldersOf = (place: LocalPlace) => [
  releasesFolder({ kind: "local" }, place),
  releasesFolder({ kind: "aws" }, place),
];

/** Below the folders of this project, by how their paths end. */
const journalsIn = (folders: readonly string[], ending: string): readonly string[] =>
  folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(ending))
      .map((path) => join(folder, path)),
  );

function newestJournal(place: LocalPlace): string {
  const folders = foldersOf(place);
  const writtenMs = (path: string) => statSync(path).mtimeMs;
  const [newest] = journalsIn(folders, join("/", JOURNAL)).toSorted((a, b) => writtenMs(b) - writtenMs(a));
  if (newest !== undefined) return newest;
  throw new UserError("BG411", `No release was named. Looked below ${folders.join(" and ")}.`);
}

function journalOfRelease(id: string, place: LocalPlace): string {
  const folders = foldersOf(place);
  const found = journalsIn(folders, journalIn("/", id));
  const [path] = found;
  if (path !== undefined && found.length === 1) return path;
  const where =
    found.length === 0 ? `Looked below ${folders.join(" and ")}.` : `There are: ${found.join(", ")}.`;
  throw new UserError("BG411", `${JSON.stringify(id)} is no file. ${where}`);
}
