import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from "../../cloud.ts";
import { TEST_KEYS } from "./local-keys.ts";
import { MODEL_COMMAND, MODEL_IMAGE } from "./model-service.ts";

/** A directory in which one local cloud after the other lives. */
export interface CloudDirectory {
  readonly directory: string;
  readonly imagesPath: string;
  /** `cloud.json`, `metrics.json` and `clock.json` stand here. */
  readonly state: (file: string) => string;
  /** What the clouds told the person. */
  readonly told: string[];
  start(options?: Partial<LocalCloudOptions>): Promise<LocalCloud>;
  /** Closes the clouds that are still open, and removes everything. */
  dispose(): Promise<void>;
}

export async function cloudDirectory(): Promise<CloudDirectory> {
  const directory = await mkdtemp(join(tmpdir(), "local-cloud-"));
  const imagesPath = join(directory, "images.local.json");
  await writeFile(imagesPath, JSON.stringify({ images: { [MODEL_IMAGE]: { command: MODEL_COMMAND } } }));
  const clouds: LocalCloud[] = [];
  const told: string[] = [];
  return {
    directory,
    imagesPath,
    told,
    state: (file) => join(directory, "cloud", file),
    async start(options = {}) {
      const cloud = await startLocalCloud({
        keys: TEST_KEYS,
        stateDirectory: join(directory, "cloud"),
        imagesPath,
        port: 0,
        speed: 60,
        publishLagSeconds: 0,
        region: "us-east-1",
        tell: (line) => told.push(line),
        ...options,
      });
      clouds.push(cloud);
      return cloud;
    },
    async dispose() {
      // A test in which the last save fails has looked at that itself.
      await Promise.allSettled(clouds.map((cloud) => cloud.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
