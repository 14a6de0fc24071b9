import { join } from "node:path";
import { isRecord } from "../contract/field.ts";
import { createCloudWatch } from "./alarms/cloudwatch.ts";
import { applicationAutoScalingService } from "./aws-api/application-auto-scaling.ts";
import { cloudWatch } from "./aws-api/cloudwatch.ts";
import { ecsService } from "./aws-api/ecs.ts";
import { handleQuery } from "./aws-api/elbv2.ts";
import { createApiServer } from "./aws-api/server.ts";
import { every, runningClock, type Clock } from "./clock.ts";
import { readIfThere, writeAtomically } from "./engine/files.ts";
import { createElb } from "./gateway/elb.ts";
import { createMetricStore } from "./metrics/store.ts";
import { providerRoutes } from "./provider/http.ts";
import { createProvider } from "./provider/provider.ts";
import { createRecordStore } from "./provider/records.ts";
import { openClock } from "./saved-clock.ts";
import { createEcs } from "./tasks/ecs.ts";
import { readImages } from "./tasks/images.ts";

export const ACCOUNT_ID = "000000000000";

export interface LocalCloudOptions {
  /** Where the cloud keeps what must survive it. */
  readonly stateDirectory: string;
  /** Maps image references to commands. */
  readonly imagesPath: string;
  /** Port of the AWS APIs on 127.0.0.1; 0: any free one. */
  readonly port: number;
  /** Virtual seconds per real second; > 0. */
  readonly speed: number;
  /** How much later than its minute a metric can be read, in virtual seconds. */
  readonly publishLagSeconds: number;
  readonly region: string;
}

export interface LocalCloud {
  /** Endpoint of the AWS APIs, the clock and the resource provider. */
  readonly url: string;
  readonly clock: Clock;
  /** Stops every task and server, and saves. */
  close(): Promise<void>;
}

/** Starts the local cloud on 127.0.0.1, with whatever an earlier one left in the state directory. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { region, stateDirectory } = options;
  const savedClock = await openClock(join(stateDirectory, "clock.json"), options.speed);
  const clock = runningClock(savedClock.origin);
  const store = createMetricStore({ clock, publishLagMs: options.publishLagSeconds * 1000 });
  const elb = createElb({ clock, region, metrics: store });
  const ecs = createEcs({
    clock,
    region,
    images: readImages(options.imagesPath),
    targets: elb,
    metrics: store,
    logDirectory: join(stateDirectory, "logs"),
  });
  const watch = createCloudWatch({ clock, region, store });
  const recorded = createRecordStore();
  const parts = { elb, ecs, watch, recorded };
  // Metrics change with every request; they are saved with whatever else is, and with the heartbeat.
  const kept = { ...parts, metrics: store };
  const file = join(stateDirectory, "cloud.json");
  await restore(file, kept);
  const saver = createSaver(async () => {
    await writeAtomically(file, JSON.stringify(snapshot(kept)));
    await savedClock.save();
  });
  for (const part of Object.values(parts)) part.onChange(saver.request);
  const stopHeartbeat = every(clock, 60_000, 0, saver.request);

  const provider = createProvider({
    elbv2: elb.operations,
    ecs: ecs.operations,
    autoScaling: ecs.autoScalingOperations,
    cloudwatch: watch.operations,
    region,
    accountId: ACCOUNT_ID,
    recorded,
  });
  const server = createApiServer({
    json: [cloudWatch(watch.operations), ecsService(ecs), applicationAutoScalingService(ecs)],
    query: (form) => handleQuery(elb.operations, form),
    extra: { "/clock": () => savedClock.origin, ...providerRoutes(provider) },
  });
  const { port } = await server.listen(options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    clock,
    async close() {
      stopHeartbeat();
      await server.close();
      watch.close();
      await ecs.close();
      await elb.close();
      saver.request();
      await saver.idle();
    },
  };
}

interface Part {
  snapshot(): unknown;
  restore(snapshot: unknown): void | Promise<void>;
}
type Parts = Readonly<Record<"metrics" | "elb" | "watch" | "recorded" | "ecs", Part>>;

function snapshot(parts: Parts): unknown {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.snapshot()]));
}

/** The services come last: their tasks register with the load balancer. */
async function restore(file: string, parts: Parts): Promise<void> {
  const text = await readIfThere(file);
  if (text === undefined) return;
  const saved: unknown = JSON.parse(text);
  if (!isRecord(saved)) throw new Error(`${file} does not hold a local cloud; remove it to start anew`);
  for (const name of ["metrics", "elb", "watch", "recorded", "ecs"] as const) {
    if (saved[name] !== undefined) await parts[name].restore(saved[name]);
  }
}

/** Saves one at a time; changes that come meanwhile are saved together right after. */
function createSaver(save: () => Promise<void>) {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await save();
    } while (again);
    running = undefined;
  };
  return {
    request() {
      if (running === undefined) running = run();
      else again = true;
    },
    async idle() {
      await running;
    },
  };
}
