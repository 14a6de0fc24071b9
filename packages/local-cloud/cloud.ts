import { join } from "node:path";
import type { LocalKeys } from "./access/address.ts";
import { authorization, type Roles } from "./access/authorize.ts";
import { apiRates } from "./access/rates.ts";
import { ACCOUNT } from "./arn.ts";
import { createCloudWatch } from "./alarms/cloudwatch.ts";
import { applicationAutoScalingService } from "./aws-api/application-auto-scaling.ts";
import { cloudWatch } from "./aws-api/cloudwatch.ts";
import { ecsService } from "./aws-api/ecs.ts";
import { logsService } from "./aws-api/logs.ts";
import type { Operations } from "./aws-api/operations.ts";
import { handleQuery } from "./aws-api/elbv2.ts";
import { guarded, inTurn } from "./aws-api/guard.ts";
import { proofOf } from "./aws-api/door.ts";
import { createApiServer } from "./aws-api/server.ts";
import { every, runningClock, type Clock } from "./clock.ts";
import { dashboardHandler } from "./dashboards/serve.ts";
import type { Hints } from "./hints.ts";
import { createElb } from "./gateway/elb.ts";
import { latePoints, type LatePoints } from "./metrics/late-points.ts";
import { createMetricStore } from "./metrics/store.ts";
import { providerRoutes } from "./provider/http.ts";
import { createProvider } from "./provider/provider.ts";
import { createRecordStore } from "./provider/records.ts";
import { openClock } from "./state/saved-clock.ts";
import { createFunctions, type LocalFunction } from "./functions.ts";
import { createSaver } from "./state/save-on-change.ts";
import { dispensable, stateFile } from "./state/state-file.ts";
import { lockState, type StateLock } from "./state/state-lock.ts";
import { createEcs } from "./tasks/ecs.ts";
import { imagesHandler } from "./tasks/image-digest.ts";
import { readImages } from "./tasks/images.ts";
import { logsHandler } from "./tasks/log-tail.ts";

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
  /** The same of single metrics, by name. */
  readonly publishLagOfSeconds?: Readonly<Record<string, number>> | undefined;
  /** Datapoints that come later than that, or only in part at first. */
  readonly latePoints?: LatePoints | undefined;
  readonly region: string;
  /** What its clients must have. */
  readonly keys: LocalKeys;
  /** Which role may do what; undefined: each may do everything. */
  readonly authorize?:
    | {
        readonly roles: Roles;
        /** The role of the resource provider: whose credentials Pulumi has. */
        readonly provider: string;
      }
    | undefined;
  /** Whether AWS's limits on the rate of calls hold, by the cloud's clock. The provider's calls do not count. */
  readonly apiRates?: boolean | undefined;
  /** Code of Lambda functions by their `handler`; given where the cloud answers. A function of another is recorded only. */
  readonly functions?: (url: string, clock: Clock) => Readonly<Record<string, LocalFunction>>;
  /** How the person does what messages ask for. */
  readonly hints?: Hints | undefined;
  /** Gets lines for the person who runs the cloud; standard error unless given. */
  readonly tell?: (line: string) => void;
}

export interface LocalCloud {
  /** Endpoint of the AWS APIs, the clock and the resource provider. */
  readonly url: string;
  readonly clock: Clock;
  /**
   * Stops every task and server, and saves; more calls wait for the first. Rejects, after everything has been stopped,
   * when the last save fails.
   */
  close(): Promise<void>;
}

/** Virtual time between two saves of what changes all the time. */
const HEARTBEAT_MS = 60_000;

/**
 * Starts the local cloud on 127.0.0.1, with whatever an earlier one left in the state directory. When that fails,
 * nothing of it stays: no task, no port. Throws StateInUse when another cloud works on the directory, UserError for a
 * state file that cannot be read, and an error with the code EADDRINUSE when the port is taken.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const lock = await lockState(options.stateDirectory);
  try {
    return await startLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: LocalCloudOptions, lock: StateLock): Promise<LocalCloud> {
  const { region, stateDirectory, tell = console.error, hints = {} } = options;
  const inState = (name: string) => join(stateDirectory, name);
  const savedClock = await openClock(inState("clock.json"), {
    speed: options.speed,
    saveEveryMs: HEARTBEAT_MS,
  });
  const clock = runningClock(savedClock.origin);
  const { publishLagSeconds, publishLagOfSeconds = {}, latePoints: late } = options;
  const lagOf = new Map(Object.entries(publishLagOfSeconds));
  const store = createMetricStore({
    clock,
    publishLagMs: ({ metricName }) => (lagOf.get(metricName) ?? publishLagSeconds) * 1000,
    latePoints: late && latePoints(late),
  });
  const elb = createElb({ clock, region, metrics: store });
  const images = readImages(options.imagesPath);
  const ecs = createEcs({
    clock,
    region,
    images,
    targets: elb,
    metrics: store,
    logDirectory: inState("logs"),
    log: tell,
  });
  const watch = createCloudWatch({ clock, region, store, tell });
  const recorded = createRecordStore();

  // The services come last: their tasks register with the load balancer.
  const parts = { elb, watch, dashboards: watch.dashboards, recorded, ecs };
  const resources = stateFile(inState("cloud.json"), parts, hints.rebuild);
  // In a file of their own: metrics change with every request, and are many times as large as all the rest.
  const metrics = dispensable(
    stateFile(inState("metrics.json"), { metrics: store }),
    inState("metrics.json"),
    "what it had measured, so a release waits for new figures",
    tell,
  );
  const saver = createSaver(inState("cloud.json"), resources.save, tell);
  const heart = createSaver(
    inState("metrics.json"),
    async () => {
      await metrics.save();
      await savedClock.save();
    },
    tell,
  );

  const { authorize } = options;
  const authorized = authorize && authorization(authorize.roles, region, elb.tagsOf);
  const asPulumi = (service: string, operations: Operations) =>
    guarded(service, operations, authorize?.provider, authorized);
  const provider = createProvider({
    elbv2: asPulumi("elasticloadbalancing", elb.operations),
    ecs: asPulumi("ecs", ecs.operations),
    autoScaling: asPulumi("application-autoscaling", ecs.autoScalingOperations),
    cloudwatch: asPulumi("cloudwatch", watch.operations),
    region,
    accountId: ACCOUNT,
    recorded,
  });
  const server = createApiServer({
    keys: options.keys,
    hints,
    json: [
      cloudWatch(watch.operations),
      ecsService(ecs),
      applicationAutoScalingService(ecs),
      logsService(ecs.logsOperations),
    ],
    query: (form, admission) => handleQuery(elb.operations, form, admission),
    guard: inTurn(options.apiRates === true ? apiRates(clock.now) : undefined, authorized),
    extra: {
      "/clock": ({ url }) => ({ ...savedClock.origin, ...proofOf(options.keys, url) }),
      "/dashboard": dashboardHandler(watch, clock, hints.dashboard),
      "/logs": logsHandler(ecs.logFiles),
      "/images": imagesHandler(images),
      ...providerRoutes(provider),
    },
    settled: saver.settled,
  });
  let stopFunctions = async () => {};
  const stop = async () => {
    await stopFunctions();
    await server.close();
    watch.close();
    await ecs.close();
    await elb.close();
  };

  try {
    await metrics.restore();
    await resources.restore();
    elb.expectOnly(ecs.expectedTargetGroups());
    // Not before: a client that knows the port from the last time would see a cloud without its resources.
    const { port } = await server.listen(options.port);
    for (const part of Object.values(parts)) part.onChange(saver.request);
    const url = `http://127.0.0.1:${port}`;
    const functions = createFunctions({
      clock,
      region,
      recorded,
      code: options.functions?.(url, clock) ?? {},
      tell,
    });
    stopFunctions = functions.close;
    watch.onAlarmAction(functions.onAlarmAction);
    const stopHeartbeat = every(clock, HEARTBEAT_MS, 0, heart.request);
    let closing: Promise<void> | undefined;
    const close = async () => {
      stopHeartbeat();
      await stop();
      const saved = await Promise.allSettled([saver.close(), heart.close().then(savedClock.stop)]);
      lock.release();
      for (const each of saved) if (each.status === "rejected") throw each.reason;
    };
    return { url, clock, close: () => (closing ??= close()) };
  } catch (error) {
    await stop();
    throw error;
  }
}
