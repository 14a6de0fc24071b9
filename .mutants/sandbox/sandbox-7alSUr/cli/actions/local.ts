import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../../contract/config/field.ts";
import type { Clock } from "../../packages/local-cloud/clock.ts";
import { startLocalCloud } from "../../packages/local-cloud/cloud.ts";
import { FileError } from "../../packages/pulumi-engine/errors.ts";
import type { LatePoints } from "../../packages/local-cloud/metrics/late-points.ts";
import { openDoor, type Door } from "../console/door.ts";
import { LOCAL_STACK, writeLocalProject } from "../local/project.ts";
import { StateInUse } from "../../packages/local-cloud/state/state-lock.ts";
import { identityOf } from "../../validation/adapters/processes/identity.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { UserError } from "../../validation/errors.ts";
import { chooseEngine, keepChoice, nameOf } from "../local/engine-choice.ts";
import { localEngine } from "../local/engine.ts";
import { HINTS } from "../local/hints.ts";
import { openKeys, ownDirectory } from "../local/keys.ts";
import { localFunctions } from "../local/functions.ts";
import { localRoles, PROVIDER_ROLE } from "../local/roles.ts";
import { ownEndpoint, removeEndpoint, writeEndpoint, type Endpoint } from "../local/endpoint.ts";
import { runningCloud } from "../local/running-cloud.ts";
import type { LocalPlace } from "../local/place.ts";
import { harmless } from "../view/harmless.ts";
import { localTraffic, trafficBeside } from "./local-traffic.ts";
import { ensureStack } from "../local/stack.ts";

export interface LocalOptions {
  readonly port: number;
  readonly speed: number;
  readonly publishLagSeconds: number;
  /** Of single metrics, by name. */
  readonly publishLagOfSeconds?: Readonly<Record<string, number>> | undefined;
  /** Datapoints that come later than the others, or only in part at first; undefined: none. */
  readonly latePoints?: LatePoints | undefined;
  /** Stacks beside `local` whose roles there are, when every call needs a permission of its role; undefined: none does. */
  readonly authorize: readonly string[] | undefined;
  /** Whether AWS's limits on the rate of calls hold. */
  readonly apiRates: boolean;
  /** Directory of a real awsx provider, for the Pulumi CLI alone. */
  readonly awsxProvider?: string | undefined;
  /** File that says which command stands for which image; undefined: images.local.json of the repository. */
  readonly images?: string | undefined;
  /** Requests a minute that its stack gets from the golden set; undefined: none. */
  readonly traffic?: number | undefined;
}

/**
 * Runs the local cloud until SIGINT or SIGTERM, or until npx is gone; `started` is called once it serves. Where one runs
 * already, `traffic` is sent to its stack, and none is started.
 */
export async function local(
  place: LocalPlace,
  { authorize, awsxProvider, images, traffic, ...options }: LocalOptions,
  started: (endpoint: Endpoint, console: string) => void,
): Promise<void> {
  const parent = process.ppid;
  if (traffic !== undefined) {
    const running = await runningCloud(place);
    if (running !== undefined) return localTraffic(place, running, traffic);
  }
  await refuseJoined(place);
  const engine = await chooseEngine(place);
  if (awsxProvider !== undefined && engine.kind !== "cli") {
    throw new UserError(
      "BG159",
      "--awsx-provider is for the Pulumi CLI; the embedded engine has its own awsx.",
    );
  }
  const region = "us-east-1";
  const tell = (line: string) => void process.stderr.write(`${harmless(line)}\n`);
  await ownDirectory(place.directory, tell);
  const stateDirectory = join(place.directory, "cloud");
  const keys = await openKeys(stateDirectory, tell);
  const settings = {
    ...options,
    region,
    authorize: authorize && {
      roles: localRoles(await projectName(place.root), region, authorize),
      provider: PROVIDER_ROLE,
    },
    keys,
    hints: HINTS,
    stateDirectory,
    tell,
    imagesPath: images === undefined ? join(place.root, "images.local.json") : resolve(images),
    functions: (url: string, clock: Clock) => localFunctions({ url, region, keys, clock }),
  };
  const cloud = await startAlone(place, () => startLocalCloud(settings), tell).catch((error: unknown) => {
    if (isRecord(error) && error["code"] === "EADDRINUSE") {
      throw new UserError("BG151", `Port ${options.port} of 127.0.0.1 is taken.`);
    }
    throw error;
  });
  const self = { pid: process.pid, process: identityOf(process.pid) };
  const endpoint = { url: cloud.url, region, speed: options.speed, ...self, engine, ...keys };
  let door: Door | undefined;
  try {
    await writeLocalProject({
      ...place,
      url: cloud.url,
      region,
      awsxProvider: awsxProvider === undefined ? undefined : resolve(awsxProvider),
    });
    await keepChoice(place, engine);
    await writeEndpoint(place, endpoint);
    await ensureStack(await localEngine(place, endpoint), place, LOCAL_STACK);
    door = await openDoor(place);
    started(endpoint, door.address);
    const endTraffic = traffic === undefined ? undefined : trafficBeside(place, traffic);
    await Promise.race([stopSignal(), npxGone(parent)]);
    await endTraffic?.();
  } finally {
    door?.close();
    await removeEndpoint(place);
    await cloud.close();
  }
}

/** The cloud of another checkout is this one's already; one of its own would stand beside it, on another state. */
async function refuseJoined(place: LocalPlace): Promise<void> {
  try {
    if ((await ownEndpoint(place)) !== undefined) return;
    const joined = await runningCloud(place);
    if (joined !== undefined)
      throw new UserError("BG150", `It answers at ${joined.url} (process ${joined.pid}).`);
  } catch (error) {
    // Of a file that is broken: what it says decides nothing here, and it is written anew.
    if (!(error instanceof FileError && error.problem === "broken")) throw error;
  }
}

const STOPS_WITHIN_MS = 60_000;
const RETRY_EVERY_MS = 500;

/** Starts the cloud when no other one works on the state; one that is just stopping, or starting, is waited for. */
async function startAlone<T>(
  place: LocalPlace,
  start: () => Promise<T>,
  tell: (line: string) => void,
): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += RETRY_EVERY_MS) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof StateInUse)) throw error;
      const other = await ownEndpoint(place);
      // It takes its address away before it stops, and writes it once it serves.
      if (other !== undefined)
        throw new UserError("BG150", `It answers at ${other.url} (process ${other.pid}).`);
      if (waitedMs >= STOPS_WITHIN_MS) throw new UserError("BG150", `It works on ${place.directory}.`);
      if (waitedMs === 0)
        tell(`waiting for the local cloud in ${place.directory}, which is just starting or stopping`);
      await sleep(RETRY_EVERY_MS);
    }
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

const PARENT_POLL_MS = 500;

/**
 * npm passes a signal on to the shell in which it has started us, and dash dies of a SIGTERM without a word to us. What
 * is left to see is another parent. Who starts us without npx may well go away before us.
 */
function npxGone(parent: number): Promise<void> {
  if (process.env["npm_lifecycle_event"] !== "npx") return new Promise(() => {});
  return new Promise((resolve) => {
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_POLL_MS).unref();
  });
}

/** What a person wants to know once it runs. */
export function welcome({ url, speed, engine, token }: Endpoint, console: string): void {
  process.stdout.write(
    [
      `The local cloud is at ${url}, ${speed === 1 ? "at the speed of the clock" : `${speed} times as fast as the clock`}.`,
      `Engine: ${nameOf(engine)}.`,
      "Leave it running; in another terminal:",
      "  npx bluegreen pulumi up",
      "  npx bluegreen deploy digits:1 --model-version 1",
      "  npx bluegreen status",
      "Users for it, in yet another one: npx bluegreen local --traffic 600",
      `Its console, a page that shows and steers the release: ${console}`,
      `Its dashboard, once the stack is up: ${url}/dashboard?token=${token}`,
      'For the AWS CLI and boto3: eval "$(npx bluegreen local env)"',
      "Ctrl-C stops it and its tasks; what stands in it comes back at the next start.",
      "",
    ].join("\n"),
  );
}
