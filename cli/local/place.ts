import { join, resolve } from "node:path";

/** The repository, and the directory of the local cloud in it. */
export interface LocalPlace {
  readonly root: string;
  readonly directory: string;
}

/** `.local/` in the repository, unless BLUEGREEN_LOCAL_DIRECTORY names another directory. */
export function localPlace(environment: NodeJS.ProcessEnv = process.env): LocalPlace {
  const root = join(import.meta.dirname, "..", "..");
  return { root, directory: resolve(root, environment["BLUEGREEN_LOCAL_DIRECTORY"] ?? ".local") };
}

/** What one process of this machine alone does at a time with the local stack: see StackStore.alone. */
export const aloneAs = ({ directory }: LocalPlace) => `local stack in ${directory}`;
