import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const DOOMED = fileURLToPath(new URL("fixtures/doomed-cloud.ts", import.meta.url));

test.each(["SIGKILL", "SIGTERM"] as const)(
  "no task outlives a local cloud that ends by %s",
  async (signal) => {
    const world = await createWorld();
    const images = join(world.directory, "images.local.json");
    const args = [DOOMED, images, join(world.directory, "logs"), String(world.controlPort)];
    const cloud = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    await world.until("both tasks and their workers are up", () => {
      return world.processes.length === 2 && world.workers.length === 2;
    });
    const ended = once(cloud, "exit");
    cloud.kill(signal);
    expect(await ended).toEqual([null, signal]);
    // Settles with the end of every task and worker; the test's time is the bound.
    await world.close();
  },
);
