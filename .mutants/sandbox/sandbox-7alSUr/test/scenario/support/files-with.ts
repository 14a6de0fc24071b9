import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * AWS itself shows the environment of a task definition to whoever may describe it, and so does the local cloud's own
 * state, which stands for AWS's.
 */
const OF_THE_CLOUD = "cloud.json";

/** Files below the directory with this text in clear. */
export async function filesWith(directory: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile() && one.name !== OF_THE_CLOUD)) {
    const path = join(entry.parentPath, entry.name);
    if ((await readOrGone(path)).includes(text)) found.push(path);
  }
  return found;
}

/** The cloud goes on writing: a file beside the one that it is to replace is gone when its name has been read. */
async function readOrGone(path: string): Promise<string> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
