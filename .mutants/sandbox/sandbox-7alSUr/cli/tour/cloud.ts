import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../validation/errors.ts";
import { ownModule } from "../local/own-files.ts";
import type { Endpoint } from "../local/endpoint.ts";
import type { LocalPlace } from "../local/place.ts";
import { runningCloud } from "../local/running-cloud.ts";

/** A minute of the cloud's clock is two seconds: a rollout of 14 minutes is half a minute. */
const SPEED = 30;
/** 120 a second of the machine's clock: two cores have time for the rest. */
const REQUESTS_PER_MINUTE = 240;
const STARTS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

export interface TourCloud {
  readonly endpoint: Endpoint;
  /** Ends what was started here, and nothing else. */
  close(): Promise<void>;
}

/** The tour's own local cloud with users: the one that runs already, or a new one. */
export async function openTourCloud(place: LocalPlace): Promise<TourCloud> {
  await mkdir(place.directory, { recursive: true, mode: 0o700 });
  const running = await runningCloud(place);
  // Where a cloud runs, the same command only sends it users.
  const args = ["local", "--port", "0", "--speed", String(SPEED), "--traffic", String(REQUESTS_PER_MINUTE)];
  const logPath = join(place.directory, "tour-cloud.log");
  const log = await open(logPath, "w");
  const child = spawn(process.execPath, [ownModule("cli/main"), ...args], {
    cwd: place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", log.fd, log.fd],
    // Ctrl-C is for what was typed, and not for the cloud below it.
    detached: true,
  });
  await log.close();
  const ended = once(child, "exit");
  const close = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
  };
  if (running !== undefined) return { endpoint: running, close };
  for (let waitedMs = 0; waitedMs < STARTS_WITHIN_MS && child.exitCode === null; waitedMs += LOOK_EVERY_MS) {
    const endpoint = await runningCloud(place);
    if (endpoint !== undefined) return { endpoint, close };
    await delay(LOOK_EVERY_MS);
  }
  await close();
  throw new UserError("BG442", `It said: ${(await readFile(logPath, "utf8")).trim() || "nothing"}`);
}

/** The cloud of a tour that was killed goes on without it. */
export async function endTourCloud(place: LocalPlace): Promise<void> {
  const left = await runningCloud(place);
  // It has proven that it is the one of this folder.
  if (left !== undefined) process.kill(left.pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < STARTS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if ((await runningCloud(place)) === undefined) return;
    await delay(LOOK_EVERY_MS);
  }
}
