import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GARBAGE = "\u0000 not what an engine wrote";
const AWAY = "pulumi.away";

/** Puts garbage in the place of everything that the engine keeps in a local cloud's directory. */
export async function garbleState(directory: string): Promise<void> {
  const state = join(directory, "pulumi");
  await rename(state, join(directory, AWAY));
  for (const file of ["secrets.key", "stacks/local.json", "history/local/1.json", "locks/local.json"]) {
    await mkdir(join(state, file, ".."), { recursive: true });
    await writeFile(join(state, file), GARBAGE);
  }
}

/** The engine's files are back, as they were. */
export async function bringStateBack(directory: string): Promise<void> {
  await rm(join(directory, "pulumi"), { recursive: true, force: true });
  await rename(join(directory, AWAY), join(directory, "pulumi"));
}
