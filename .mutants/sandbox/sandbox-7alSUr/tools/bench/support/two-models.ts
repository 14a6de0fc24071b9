import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startCloudProcess, type CloudProcess } from "../../../cli/demo/cloud-process.ts";
import { startTraffic, type Traffic } from "../../../cli/demo/traffic.ts";
import { contextOf } from "../../../cli/flow.ts";
import { localTarget } from "../../../cli/stack-target.ts";
import { localEngine } from "../../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../../cli/local/place.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import type { Context } from "../../../validation/ports.ts";

export interface TwoModels {
  readonly place: LocalPlace;
  readonly endpoint: CloudProcess["endpoint"];
  readonly context: Context;
  /** Users from now on, in the cloud's time. */
  users(requestsPerMinute: number): Traffic;
  close(): Promise<void>;
}

// The shipped policy, but for what `destroy` needs; nothing of the local cloud's own defaults.
const CONFIG = {
  rollout: { protect: false },
  service: { cpu: 256, memory: 512, startupSeconds: 30, requestTimeoutSeconds: 10, drainSeconds: 10 },
};

/** A local cloud of the bench's own: all traffic is on digits:1, and digits:2 waits on the idle slot. */
export async function twoModels(speed: number): Promise<TwoModels> {
  const { root } = localPlace();
  const place = { root, directory: join(root, ".local", "bench") };
  await rm(place.directory, { recursive: true, force: true });
  await mkdir(place.directory, { recursive: true });
  await writeFile(join(place.directory, "Pulumi.local.yaml"), JSON.stringify({ config: CONFIG }));
  const { endpoint, stop } = await startCloudProcess(place, speed);
  const close = async () => {
    await stop();
    await rm(place.directory, { recursive: true, force: true });
  };
  try {
    const engine = await localEngine(place, endpoint);
    const up = await engine.runPulumi(["up", "--yes", "--skip-preview"], { cwd: place.directory });
    if (up.code !== 0) throw new Error(`pulumi up: ${up.stdout}${up.stderr}`);
    const target = await localTarget(place, endpoint);
    const context = await contextOf(target, place, { report: () => {} });
    const rest = { minTasks: undefined, maxTasks: undefined, overrides: {} };
    await deploy(context, { image: "digits:1", modelVersion: "1", ...rest });
    await deploy(context, { image: "digits:2", modelVersion: "2", ...rest });
    const url = (await context.store.deployed())?.outputs.url;
    if (url === undefined) throw new Error("the stack has no outputs after its deploys");
    const goldenPath = join(root, "examples", "digits", "golden.jsonl");
    const users = (requestsPerMinute: number) =>
      startTraffic({ url, requestsPerSecond: (requestsPerMinute / 60) * speed, goldenPath });
    return { place, endpoint, context, users, close };
  } catch (error) {
    await close();
    throw error;
  }
}
