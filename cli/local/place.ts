import { join, resolve } from "node:path";
import { isRecord } from "../../contract/field.ts";
import { readIfThere, removeIfThere, writeAtomically } from "../../local/engine/files.ts";

/** The repository, and the directory of the local cloud in it. */
export interface LocalPlace {
  readonly root: string;
  readonly directory: string;
}

/** Where a running local cloud answers. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
  readonly speed: number;
  readonly pid: number;
}

/** `.local/` in the repository, unless BLUEGREEN_LOCAL_DIRECTORY names another directory. */
export function localPlace(environment: NodeJS.ProcessEnv = process.env): LocalPlace {
  const root = join(import.meta.dirname, "..", "..");
  return { root, directory: resolve(root, environment["BLUEGREEN_LOCAL_DIRECTORY"] ?? ".local") };
}

const endpointFile = ({ directory }: LocalPlace) => join(directory, "endpoint.json");

export async function writeEndpoint(place: LocalPlace, endpoint: Endpoint): Promise<void> {
  await writeAtomically(endpointFile(place), `${JSON.stringify(endpoint)}\n`);
}

export async function removeEndpoint(place: LocalPlace): Promise<void> {
  await removeIfThere(endpointFile(place));
}

/** The local cloud that runs in this place; undefined when none does, also when one was killed. */
export async function runningCloud(place: LocalPlace): Promise<Endpoint | undefined> {
  const text = await readIfThere(endpointFile(place));
  const endpoint: unknown = text === undefined ? undefined : JSON.parse(text);
  return isEndpoint(endpoint) && isAlive(endpoint.pid) ? endpoint : undefined;
}

function isEndpoint(value: unknown): value is Endpoint {
  if (!isRecord(value)) return false;
  const { url, region, speed, pid } = value;
  return (
    typeof url === "string" &&
    typeof region === "string" &&
    typeof speed === "number" &&
    typeof pid === "number"
  );
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks whether the process exists and sends nothing (kill(2)).
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
