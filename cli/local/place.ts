import { join, resolve } from "node:path";
import { isRecord } from "../../contract/field.ts";
import type { EngineChoice } from "./engine-choice.ts";
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
  /** What carries out the program of the stack there. */
  readonly engine: EngineChoice;
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

const PATIENCE_MS = 1_000;

/** The local cloud that runs in this place; undefined when none answers, also when one was killed. */
export async function runningCloud(place: LocalPlace): Promise<Endpoint | undefined> {
  const endpoint = parseEndpoint(await readIfThere(endpointFile(place)));
  return endpoint !== undefined && (await answers(endpoint.url)) ? endpoint : undefined;
}

function parseEndpoint(text: string | undefined): Endpoint | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? "null");
    return isEndpoint(parsed) ? parsed : undefined;
  } catch {
    // The file is only a hint where to ask; what cannot be read points nowhere.
    return undefined;
  }
}

function isEndpoint(value: unknown): value is Endpoint {
  if (!isRecord(value)) return false;
  const { url, region, speed, pid, engine } = value;
  return (
    typeof url === "string" &&
    typeof region === "string" &&
    typeof speed === "number" &&
    typeof pid === "number" &&
    // `writeEndpoint` is given an Endpoint, so what is there at all is whole.
    isRecord(engine)
  );
}

/** A process id may be somebody else's by now; only a cloud answers with a clock. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/clock", url), { signal: AbortSignal.timeout(PATIENCE_MS) });
    return isRecord(await response.json());
  } catch {
    return false;
  }
}
