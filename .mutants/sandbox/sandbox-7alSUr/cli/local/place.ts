import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isInstalled, OWN_TREE } from "./own-files.ts";

/** The Pulumi project that the verbs work on, and the directory of the local cloud in it. */
export interface LocalPlace {
  readonly root: string;
  readonly directory: string;
}

const LOCAL = ".local";

/** The package is installed, and no folder around has a Pulumi.yaml. It becomes BG212 where it is shown. */
export class NoProject extends Error {}

/**
 * `.local/` in the project, unless BLUEGREEN_LOCAL_DIRECTORY names another directory.
 * @throws NoProject
 */
export function localPlace(
  environment: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): LocalPlace {
  const root = projectAround(cwd);
  if (root === undefined) throw new NoProject(`Looked in ${cwd} and all folders above it.`);
  return { root, directory: resolve(root, environment["BLUEGREEN_LOCAL_DIRECTORY"] ?? LOCAL) };
}

/** In a checkout the checkout is the project, whatever folder of it a verb is run in. */
export const projectAround = (cwd: string): string | undefined =>
  isInstalled ? nearestProject(cwd) : OWN_TREE;

/** The nearest folder with a Pulumi.yaml, as Pulumi looks for it; that of the local stack is made of the one above it. */
export function nearestProject(cwd: string): string | undefined {
  const isProject = basename(cwd) !== LOCAL && existsSync(join(cwd, "Pulumi.yaml"));
  if (isProject) return cwd;
  const above = dirname(cwd);
  return above === cwd ? undefined : nearestProject(above);
}

/** What one process of this machine alone does at a time with the local stack: see StackStore.alone. */
export const aloneAs = ({ directory }: LocalPlace) => `local stack in ${directory}`;
