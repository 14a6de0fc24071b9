import { access, constants } from "node:fs/promises";
import { join } from "node:path";

/** The program as the first of these directories has it, as a shell looks for it; undefined: none has it. */
export async function firstOf(directories: readonly string[], program: string): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the next directory may have one.
    return false;
  }
}
