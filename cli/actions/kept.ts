import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { journalIn } from "../../validation/adapters/journal-files.ts";
import { UserError } from "../../validation/errors.ts";
import { releasesFolder } from "../journal.ts";
import { type LocalPlace, localPlace } from "../local/place.ts";

/**
 * What was kept of a release: the file that is named, or the journal of the release with this id.
 * @throws UserError BG411 when no journal, or more than one, is of this id
 */
export const kept = (what: string, place: LocalPlace = localPlace()): string =>
  existsSync(what) ? what : journalOfRelease(what, place);

function journalOfRelease(id: string, place: LocalPlace): string {
  const folders = [releasesFolder({ kind: "local" }, place), releasesFolder({ kind: "aws" }, place)];
  const found = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(journalIn("/", id)))
      .map((path) => join(folder, path)),
  );
  const [path] = found;
  if (path !== undefined && found.length === 1) return path;
  const where =
    found.length === 0 ? `Looked below ${folders.join(" and ")}.` : `There are: ${found.join(", ")}.`;
  throw new UserError("BG411", `${JSON.stringify(id)} is no file. ${where}`);
}
