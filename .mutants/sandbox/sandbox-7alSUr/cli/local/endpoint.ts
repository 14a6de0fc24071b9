import { join } from "node:path";
import * as v from "valibot";
import { isRecord } from "../../contract/config/field.ts";
import { ENDPOINT_FILE, readLocalKeys, type LocalKeys } from "../../packages/local-cloud/access/address.ts";
import { withChecksum } from "../../packages/pulumi-engine/state/checksum.ts";
import type { EngineChoice } from "../pulumi-cli.ts";
import type { LocalPlace } from "./place.ts";
import {
  readCheckedIfThere,
  removeIfThere,
  writeAtomically,
} from "../../packages/pulumi-engine/state/files.ts";
import type { ProcessIdentity } from "../../validation/adapters/processes/identity.ts";
import { parseIdentity } from "../../validation/adapters/processes/record.ts";

/** Where a running local cloud answers, and what opens it. */
export interface Endpoint extends LocalKeys {
  readonly url: string;
  readonly region: string;
  readonly speed: number;
  readonly pid: number;
  /** Tells it from a later process of that pid; undefined where the system does not tell. */
  readonly process?: ProcessIdentity | undefined;
  /** What carries out the program of the stack there. */
  readonly engine: EngineChoice;
  /** Directory of the local cloud that this checkout has joined; undefined: it is this one's own. */
  readonly joined?: string | undefined;
}

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

/** What stands in the file, whether or not anybody answers there; undefined: no cloud of this checkout's own. */
export async function ownEndpoint(place: LocalPlace): Promise<Endpoint | undefined> {
  const found = await readEndpoint(place);
  return isEndpoint(found) ? found : undefined;
}

export async function readEndpoint(place: LocalPlace): Promise<unknown> {
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

export async function joinedEndpoint(place: LocalPlace, { joined, engine }: Joined): Promise<unknown> {
  const found = await readEndpoint({ ...place, directory: joined });
  // One that has joined another is not followed further: two could join each other.
  return isEndpoint(found) ? { ...found, engine, joined } : undefined;
}

// What the engine is was written by this program; that it is there at all says that the file is whole.
const engine = v.looseObject({});
const joined = v.object({ joined: v.string(), engine });
const endpoint = v.pipe(
  v.looseObject({ url: v.string(), region: v.string(), speed: v.number(), pid: v.number(), engine }),
  v.check((value) => readLocalKeys(value) !== undefined),
);

export const isJoined = (value: unknown): value is Joined => v.is(joined, value);

export const isEndpoint = (value: unknown): value is Endpoint => v.is(endpoint, value);
