import { chmod, rename, rm, stat, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors.ts";
import type { StackFile } from "./stack-file.ts";
import { yamlIn } from "./yaml-text.ts";

/**
 * What stands in the file once it is written. Throws when that would say something else: YAML has names of anchors and
 * tagged keys that can be read and not be written again.
 */
export function textOf({ yaml }: StackFile, path: string): string {
  const refused = () =>
    new UserError(
      "BG106",
      `${path}: it cannot be written again as it is, for an anchor or a tagged key in it.`,
    );
  let text: string;
  try {
    text = yaml.toString({ lineWidth: 0 });
  } catch {
    // The library throws nothing but that: a node that it has no text for.
    throw refused();
  }
  const again = yamlIn(text);
  if (typeof again === "string" || !isDeepStrictEqual(again.toJS(), yaml.toJS())) throw refused();
  return text;
}

/**
 * Replaces the file in one step, so that a reader sees the old one or the new one. Whoever may read the old one may
 * read the new one; a file that was not there is the person's alone.
 */
export async function writeStackFile(path: string, file: StackFile): Promise<void> {
  const text = textOf(file, path);
  const unfinished = `${path}.${process.pid}.tmp`;
  const before = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  try {
    // On the disk before it takes the other one's place: a full disk, or a power cut, leaves the old one.
    await writeFile(unfinished, text, { mode: 0o600, flush: true });
    // Not with `writeFile`, whose mode the shell's umask narrows.
    if (before !== undefined) await chmod(unfinished, before.mode & 0o777);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
