import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { LocalPlace } from "../../../cli/local/place.ts";

/** `bluegreen local` in a process of its own. */
export interface CloudProcess {
  readonly pid: number;
  /** SIGKILL to it alone; resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; its exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when it serves; rejects with what it said when it ends before. */
export async function startCloud(place: LocalPlace, port: number, speed: number): Promise<CloudProcess> {
  const args = ["cli/main.ts", "local", "--port", String(port), "--speed", String(speed)];
  const child = spawn(process.execPath, args, {
    cwd: place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code]): number | null => code);
  const said = text(child.stderr);
  // Its first words come when it serves.
  const serves = once(child.stdout, "data").then(() => "serves" as const);
  const outcome = await Promise.race([serves, exited]);
  if (outcome !== "serves") throw new Error(`exit code ${outcome}: ${await said}`);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return { pid: child.pid ?? 0, kill9: async () => void (await end("SIGKILL")), stop: () => end("SIGTERM") };
}
