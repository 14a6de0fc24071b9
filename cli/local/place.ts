import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../contract/field.ts";
import { ENDPOINT_FILE, readLocalKeys, type LocalKeys } from "../../contract/local-access.ts";
import { proof } from "../../local/aws-api/door.ts";
import type { EngineChoice } from "./engine-choice.ts";
import { readIfThere, removeIfThere, writeAtomically } from "../../local/engine/files.ts";

/** The repository, and the directory of the local cloud in it. */
export interface LocalPlace {
  readonly root: string;
  readonly directory: string;
}

/** Where a running local cloud answers, and what opens it. */
export interface Endpoint extends LocalKeys {
  readonly url: string;
  readonly region: string;
  readonly speed: number;
  readonly pid: number;
  /** What carries out the program of the stack there. */
  readonly engine: EngineChoice;
  /** Directory of the local cloud that this checkout has joined; undefined: it is this one's own. */
  readonly joined?: string | undefined;
}

/** `.local/` in the repository, unless BLUEGREEN_LOCAL_DIRECTORY names another directory. */
export function localPlace(environment: NodeJS.ProcessEnv = process.env): LocalPlace {
  const root = join(import.meta.dirname, "..", "..");
  return { root, directory: resolve(root, environment["BLUEGREEN_LOCAL_DIRECTORY"] ?? ".local") };
}

/** What one process of this machine alone does at a time with the local stack: see StackStore.alone. */
export const aloneAs = ({ directory }: LocalPlace) => `local stack in ${directory}`;

const endpointFile = ({ directory }: LocalPlace) => join(directory, ENDPOINT_FILE);

/** Of mode 0600, like everything that is written so: it holds the keys. */
export async function writeEndpoint(place: LocalPlace, endpoint: Endpoint): Promise<void> {
  await writeAtomically(endpointFile(place), `${JSON.stringify(endpoint)}\n`);
}

export async function removeEndpoint(place: LocalPlace): Promise<void> {
  await removeIfThere(endpointFile(place));
}

const PATIENCE_MS = 1_000;

/**
 * From now on the local cloud of another checkout is this one's, too. The file has a copy of its address and keys, for
 * the program and the plugins; each look at the cloud brings it up to date.
 */
export async function joinEndpoint(place: LocalPlace, joined: string, cloud: Endpoint): Promise<void> {
  await writeEndpoint(place, { ...cloud, joined });
}

/**
 * The local cloud that runs in this place, or that it has joined; undefined when none answers, also when one was
 * killed.
 */
export async function runningCloud(place: LocalPlace): Promise<Endpoint | undefined> {
  const own = parse(await readIfThere(endpointFile(place)));
  if (!isEndpoint(own)) return undefined;
  const endpoint = own.joined === undefined ? own : await joinedEndpoint(place, own, own.joined);
  return endpoint !== undefined && (await answers(endpoint)) ? endpoint : undefined;
}

async function joinedEndpoint(
  place: LocalPlace,
  own: Endpoint,
  joined: string,
): Promise<Endpoint | undefined> {
  const found = parse(await readIfThere(endpointFile({ ...place, directory: joined })));
  // One that has joined another is not followed further: two could join each other.
  if (!isEndpoint(found) || found.joined !== undefined) return undefined;
  // The engine is that of each checkout: its stacks' states are its own.
  const fresh = { ...found, engine: own.engine, joined };
  if (!isDeepStrictEqual(fresh, own)) await writeEndpoint(place, fresh);
  return fresh;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
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
    readLocalKeys(value) !== undefined &&
    // `writeEndpoint` is given an Endpoint, so what is there at all is whole.
    isRecord(engine)
  );
}

/**
 * A process id and a port may be somebody else's by now, also of another user, who would be sent the token next. Only
 * the cloud of these keys knows the answer.
 */
async function answers({ url, token }: Endpoint): Promise<boolean> {
  const challenge = randomUUID();
  try {
    const asked = new URL(`/clock?challenge=${challenge}`, url);
    const response = await fetch(asked, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const said: unknown = await response.json();
    return isRecord(said) && said["proof"] === proof(token, challenge);
  } catch {
    return false;
  }
}
