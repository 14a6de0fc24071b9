import type { ReleaseKey } from "../core/changes.ts";
import { UserError } from "../errors.ts";
import type { Deployed } from "../ports.ts";
import { bringInStep, isBehind, readStackFile, writeStackFile } from "./stack-file.ts";

/**
 * Two processes may write the file at the same time, each what it has deployed. So each looks once more after its
 * write: whoever writes last sees the newest update.
 */
export async function followFile(
  path: string,
  project: string,
  known: readonly Deployed["raw"][],
  newest: () => Promise<readonly Deployed["raw"][]>,
): Promise<readonly ReleaseKey[]> {
  const changed = new Set<ReleaseKey>();
  for (let updates = known; ; updates = await newest()) {
    const file = await readStackFile(path, project);
    if (file === undefined) break;
    const [last] = updates;
    const isOurs = last !== undefined && isBehind(file, updates);
    if (isOurs) {
      for (const key of bringInStep(file, last)) changed.add(key);
      await writeStackFile(path, file);
    } else if (updates !== known) break;
  }
  return [...changed];
}

/** Whatever stands in the file: the release keys become what is deployed. Throws UserError when there is no file. */
export async function syncFile(path: string, project: string, deployed: Deployed) {
  const file = await readStackFile(path, project);
  if (file === undefined) throw new UserError("BG104", `Looked for ${path}.`);
  const changed = bringInStep(file, deployed.raw);
  if (changed.length > 0) await writeStackFile(path, file);
  return changed;
}
