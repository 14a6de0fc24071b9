import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { isRecord } from "../../contract/config/field.ts";
import { ENDPOINT_FILE, readLocalKeys, type LocalKeys } from "../../packages/local-cloud/access/address.ts";
import { proof } from "../../packages/local-cloud/aws-api/door.ts";
import { withChecksum } from "../../packages/pulumi-engine/state/checksum.ts";
import type { EngineChoice } from "../pulumi-cli.ts";
import {
  readCheckedIfThere,
  removeIfThere,
  writeAtomically,
} from "../../packages/pulumi-engine/state/files.ts";
import { exists, fateOf, type Identity } from "../../validation/adapters/processes/identity.ts";
import { parseIdentity } from "../../validation/adapters/processes/record.ts";
import type { Fate } from "../../validation/core/owner.ts";
import { UserError } from "../../validation/errors.ts";

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
  /** Tells it from a later process of that pid; undefined where the system does not tell. */
  readonly process?: Identity | undefined;
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
  await writeAtomically(endpointFile(place), withChecksum(`${JSON.stringify(endpoint)}\n`));
}

export async function removeEndpoint(place: LocalPlace): Promise<void> {
  await removeIfThere(endpointFile(place));
}

/** From now on the local cloud of another checkout is this one's, too; its address and keys are read there each time. */
export async function joinEndpoint(place: LocalPlace, joined: string, engine: EngineChoice): Promise<void> {
  await writeAtomically(endpointFile(place), withChecksum(`${JSON.stringify({ joined, engine })}\n`));
}

/** How long a cloud is waited for, and what is known of its process here. */
export interface Waiting {
  /** For the first answer, and for each of the `tries` after it while the process may run; real milliseconds. */
  readonly firstMs: number;
  readonly thenMs: number;
  readonly tries: number;
  fateOf(endpoint: Endpoint): Fate;
  /** Gets one line when it has to wait. */
  tell(line: string): void;
}

const ON_THIS_MACHINE: Waiting = {
  firstMs: 1_000,
  thenMs: 5_000,
  tries: 12,
  fateOf({ pid, process: identity }) {
    if (identity !== undefined) return fateOf(identity);
    return exists(pid) ? "unknown" : "ended";
  },
  tell: (line) => void process.stderr.write(`${line}\n`),
};

/**
 * The local cloud that runs in this place, or that it has joined; undefined when none does, also when one was killed.
 * One that runs and has no time to answer is waited for. Throws UserError when that takes too long, and FileError when
 * the file that says where it answers is broken.
 */
export async function runningCloud(
  place: LocalPlace,
  waiting: Waiting = ON_THIS_MACHINE,
): Promise<Endpoint | undefined> {
  const found = await readEndpoint(place);
  const endpoint = isJoined(found) ? await joinedEndpoint(place, found) : found;
  return isEndpoint(endpoint) && (await answersInTime(endpoint, waiting)) ? endpoint : undefined;
}

/** What stands in the file, whether or not anybody answers there; undefined: no cloud of this checkout's own. */
export async function ownEndpoint(place: LocalPlace): Promise<Endpoint | undefined> {
  const found = await readEndpoint(place);
  return isEndpoint(found) ? found : undefined;
}

async function readEndpoint(place: LocalPlace): Promise<unknown> {
  const found = await readCheckedIfThere(
    endpointFile(place),
    "url|joined",
    "it says where the local cloud answers. Stop that cloud and start it anew (`npx bluegreen local`), which writes the file again; nothing is lost",
  );
  return isRecord(found) ? { ...found, process: parseIdentity(found["process"]) } : found;
}

interface Joined {
  readonly joined: string;
  /** The engine is that of each checkout: its stacks' states are its own. */
  readonly engine: EngineChoice;
}

async function joinedEndpoint(place: LocalPlace, { joined, engine }: Joined): Promise<unknown> {
  const found = await readEndpoint({ ...place, directory: joined });
  // One that has joined another is not followed further: two could join each other.
  return isEndpoint(found) ? { ...found, engine, joined } : undefined;
}

const isJoined = (value: unknown): value is Joined =>
  isRecord(value) && typeof value["joined"] === "string" && isRecord(value["engine"]);

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

async function answersInTime(endpoint: Endpoint, waiting: Waiting): Promise<boolean> {
  const { url, pid } = endpoint;
  for (let asked = 0; asked <= waiting.tries; asked += 1) {
    const answer = await ask(endpoint, asked === 0 ? waiting.firstMs : waiting.thenMs);
    if (answer !== "silent") return answer === "its own";
    if (waiting.fateOf(endpoint) === "ended") return false;
    if (asked === 0)
      waiting.tell(`waiting for the local cloud at ${url} (process ${pid}), which has had no time to answer`);
  }
  const seconds = Math.round((waiting.firstMs + waiting.tries * waiting.thenMs) / 1000);
  throw new UserError("BG250", `Process ${pid} at ${url} has not answered for ${seconds} seconds.`);
}

/**
 * A process id and a port may be somebody else's by now, also of another user, who would be sent the token next. Only
 * the cloud of these keys knows the answer. The kernel takes connections for a process that has no time for them, so
 * where none is taken there is no cloud.
 */
async function ask(
  { url, token }: Endpoint,
  patienceMs: number,
): Promise<"its own" | "another's" | "silent" | "nobody"> {
  const challenge = randomUUID();
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(new URL(`/clock?challenge=${challenge}`, url), { signal });
    const said: unknown = await response.json();
    return isRecord(said) && said["proof"] === proof(token, challenge) ? "its own" : "another's";
  } catch {
    return signal.aborted ? "silent" : "nobody";
  }
}
