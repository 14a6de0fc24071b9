import { randomUUID } from "node:crypto";
import { isRecord } from "../../contract/config/field.ts";
import { proof } from "../../packages/local-cloud/aws-api/door.ts";
import type { LocalPlace } from "./place.ts";
import { exists, fateOf } from "../../validation/adapters/processes/identity.ts";
import type { Fate } from "../../validation/core/owner.ts";
import { UserError } from "../../validation/errors.ts";
import { type Endpoint, isEndpoint, isJoined, joinedEndpoint, readEndpoint } from "./endpoint.ts";

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
  const endpoint = await writtenEndpoint(place);
  return endpoint !== undefined && (await answersInTime(endpoint, waiting)) ? endpoint : undefined;
}

/** Whether the cloud that was found once is the one of this place still, without asking it. */
export async function isRunningStill(place: LocalPlace, { url, token, pid }: Endpoint): Promise<boolean> {
  const now = await writtenEndpoint(place);
  if (now === undefined || now.url !== url || now.token !== token || now.pid !== pid) return false;
  return ON_THIS_MACHINE.fateOf(now) !== "ended";
}

async function writtenEndpoint(place: LocalPlace): Promise<Endpoint | undefined> {
  const found = await readEndpoint(place);
  const endpoint = isJoined(found) ? await joinedEndpoint(place, found) : found;
  return isEndpoint(endpoint) ? endpoint : undefined;
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
