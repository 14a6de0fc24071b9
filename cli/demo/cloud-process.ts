import { spawn } from "node:child_process";
import { join } from "node:path";
import { runningCloud } from "../local/running-cloud.ts";
import type { Endpoint } from "../local/endpoint.ts";
import type { LocalPlace } from "../local/place.ts";

export interface CloudProcess {
  readonly endpoint: Endpoint;
  /** Stops the cloud and its tasks, and waits until they are gone. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<void>;
}

/** A machine under load takes half a minute to load what a cloud is made of. */
const STARTS_WITHIN_MS = 60_000;

/** Runs `bluegreen local` in a process of its own, as a person does in another terminal. */
export async function startCloudProcess(
  place: LocalPlace,
  speed: number,
  flags: readonly string[] = [],
): Promise<CloudProcess> {
  const main = join(place.root, "cli", "main.ts");
  const child = spawn(process.execPath, [main, "local", "--port", "0", "--speed", String(speed), ...flags], {
    cwd: place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  // Its first words come when it serves.
  const started = new Promise<"started">((resolve) => child.stdout.once("data", () => resolve("started")));
  const tooLate = new Promise<"late">((resolve) => setTimeout(resolve, STARTS_WITHIN_MS, "late").unref());
  const outcome = await Promise.race([started, exited, tooLate]);
  const endpoint = outcome === "started" ? await runningCloud(place) : undefined;
  if (endpoint === undefined) {
    await stop();
    throw new Error(`the local cloud did not start within ${STARTS_WITHIN_MS / 1000} s`);
  }
  return { endpoint, stop, exited };
}
