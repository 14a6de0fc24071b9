import { join } from "node:path";
import { listIfThere } from "../../packages/pulumi-engine/state/files.ts";
import { backendDirectory } from "./project.ts";
import type { LocalPlace } from "./place.ts";

/**
 * The stacks that stand on the local cloud, by their state files: those of the embedded engine and those of the CLI's
 * file backend (pkg/backend/diy/store.go). Asking an engine takes a second, and needs one.
 */
export async function localStacks({ directory }: LocalPlace, project: string): Promise<readonly string[]> {
  const kept = [
    join(directory, "pulumi", "stacks"),
    join(backendDirectory(directory), ".pulumi", "stacks", project),
  ];
  const files = (await Promise.all(kept.map(listIfThere))).flat();
  const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  return [...new Set(names)].toSorted();
}
