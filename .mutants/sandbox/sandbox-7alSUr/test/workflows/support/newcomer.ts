import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startCloudProcess } from "../../../cli/demo/cloud-process.ts";
import { localEngine } from "../../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../../cli/local/place.ts";
import type { Endpoint } from "../../../cli/local/endpoint.ts";
import { bearer } from "../../../packages/local-cloud/access/address.ts";
import { openCloudReader, type CloudReader } from "../../scenario/support/cloud-reader.ts";
import { startUsers, type Users } from "../../scenario/support/users.ts";
import { openDesk, PROJECT_DIRECTORY, type Desk } from "./desk.ts";
import { startShell } from "./shell.ts";
import { root } from "./workflow.ts";

/** Virtual seconds per real second. */
const SPEED = 60;

/** Somebody with an account in which there is nothing yet, a repository, and the documents. */
export interface Newcomer {
  readonly desk: Desk;
  readonly endpoint: Endpoint;
  /** The checkout in which they type. */
  readonly checkout: string;
  /** What they type there, or in another clone, with the permissions of a role; what it says. Throws when it fails. */
  types(script: string, role: string, where?: string): Promise<string>;
  /** An image as a registry names it, by digest. */
  pushed(image: string): Promise<string>;
  /** A stack with the eyes of an outsider. */
  see(stack: string): Promise<CloudReader>;
  users(url: string, requestsPerVirtualMinute: number): Users;
  close(): Promise<void>;
}

/** `stacks`: those whose roles bootstrap/ has made. */
export async function aNewcomer(stacks: readonly string[]): Promise<Newcomer> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-newcomer-"));
  const ends: (() => Promise<void> | void)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const place = { root: localPlace().root, directory };
    const cloud = await startCloudProcess(place, SPEED, ["--authorize", stacks.join(",")]);
    ends.push(cloud.stop);
    const desk = await openDesk(place);
    ends.push(desk.close);
    return { ...(await atTheDesk(place, cloud.endpoint, desk, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function atTheDesk(
  place: LocalPlace,
  endpoint: Endpoint,
  desk: Desk,
  ends: (() => Promise<void> | void)[],
): Promise<Omit<Newcomer, "close">> {
  const checkout = await desk.clone();
  await desk.openSecrets(checkout);
  const engine = await localEngine(place, endpoint);
  return {
    desk,
    endpoint,
    checkout,
    async types(script, role, where = checkout) {
      const env = {
        HOME: place.directory,
        PATH: [desk.bin, dirname(process.execPath), process.env["PATH"]].join(":"),
        TMPDIR: place.directory,
        npm_config_cache: join(place.directory, "npm"),
        BLUEGREEN_LOCAL_ROLE: role,
        BLUEGREEN_LOCAL_DIRECTORY: join(where, PROJECT_DIRECTORY),
      };
      const { exitCode, output } = await startShell(script, where, env).ended;
      if (exitCode !== 0) throw new Error(`exit code ${exitCode} of\n${script}\n${output}`);
      return output;
    },
    async pushed(image) {
      const url = new URL(`/images?reference=${encodeURIComponent(image)}`, endpoint.url);
      const answer = (await (await fetch(url, { headers: bearer(endpoint) })).json()) as {
        readonly pinned: string;
      };
      return answer.pinned;
    },
    async see(stack) {
      const reader = openCloudReader(place, endpoint, engine, stack);
      ends.push(reader.close);
      await reader.outputs();
      return reader;
    },
    users(url, requestsPerVirtualMinute) {
      const users = startUsers({ ...place, root }, url, (requestsPerVirtualMinute / 60) * SPEED);
      ends.push(users.leave);
      return users;
    },
  };
}
