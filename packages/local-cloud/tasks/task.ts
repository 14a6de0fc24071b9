import type { Clock } from "../clock.ts";
import type { TargetAddress } from "../gateway/target.ts";
import type { Guardian } from "./guardian.ts";
import { findImage, startContainer, stopContainers } from "./containers/container.ts";
import type { ContainerPlan, FoundImage, RunningContainer } from "./containers/container.ts";
import type { ImageCatalog } from "./images.ts";
import type { LogFiles } from "./log-files.ts";
import type { TaskRecord } from "./model.ts";
import type { Ports } from "./process.ts";
import type { TargetRegistry } from "./target-registry.ts";

/** What tasks need from their surroundings. */
export interface TaskHost {
  readonly clock: Clock;
  readonly images: ImageCatalog;
  readonly targets: TargetRegistry;
  readonly logFiles: LogFiles;
  readonly ports: Ports;
  readonly guardian: Guardian;
}

export interface TaskPlan {
  readonly record: TaskRecord;
  /** In the order in which they start. */
  readonly containers: readonly ContainerPlan[];
  /** Makes room for what the task writes. Throws when it cannot: the task then fails to start. */
  readonly createLog: () => void;
  readonly registrations: readonly Registration[];
}

/** That a container of the task gets a target group's requests on one of its ports. */
export interface Registration {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

export type StopCode = NonNullable<TaskRecord["stopCode"]>;

export interface RunningTask {
  readonly record: TaskRecord;
  /** `performance.now()` at its start. */
  readonly startedRealMs: number;
  /** Health over all its target groups; the health of a task without any is that of its process. */
  health(): "waiting" | "healthy" | "unhealthy";
  /** Target groups in which it has that state. */
  groupsThatAre(state: "unhealthy" | "unused"): string[];
  /** Where the group reaches it. */
  portIn(targetGroupArn: string): number | undefined;
  /** What the health checks found in the groups in which it is unhealthy, each once. */
  whyUnhealthy(): string[];
  /** Drains, then SIGTERM, then SIGKILL; `drain: false` leaves the first part out. Settles when it is STOPPED. */
  stop(stopCode: StopCode, reason: string, options?: { drain: boolean }): Promise<void>;
}

/** What the functions below share about one task. */
interface Life {
  readonly host: TaskHost;
  readonly plan: TaskPlan;
  readonly changed: () => void;
  readonly running: RunningContainer[];
  /** What it holds of the machine's ports. */
  readonly held: number[];
  /** Where it is registered, by target group; undefined: it is not. */
  targets: ReadonlyMap<string, TargetAddress> | undefined;
  /** Settles with the first essential container that has ended. */
  readonly over: PromiseWithResolvers<void>;
}

/** Starts a task; `changed` is called at each change of its record's status. */
export function startTask(host: TaskHost, plan: TaskPlan, changed: () => void): RunningTask {
  const { record } = plan;
  const over = Promise.withResolvers<void>();
  const life: Life = { host, plan, changed, running: [], held: [], targets: undefined, over };
  const settled = live(life)
    .catch(async (error: unknown) => {
      explain(life, "TaskFailedToStart", `CannotStartContainerError: ${messageOf(error)}`);
      await stopContainers(life.running);
    })
    .then(() => finish(life));
  return {
    record,
    startedRealMs: performance.now(),
    groupsThatAre: (state) => groupsThatAre(life, state),
    portIn: (arn) => life.targets?.get(arn)?.port,
    whyUnhealthy() {
      const { targets = new Map<string, TargetAddress>() } = life;
      const unhealthy = groupsThatAre(life, "unhealthy");
      const found = [...targets].filter(([arn]) => unhealthy.includes(arn));
      return [...new Set(found.map(([arn, target]) => host.targets.whyUnhealthy(arn, target)))];
    },
    health() {
      if (life.targets === undefined) return "waiting";
      if (groupsThatAre(life, "unhealthy").length > 0) return "unhealthy";
      return groupsThatAre(life, "healthy").length === plan.registrations.length ? "healthy" : "waiting";
    },
    async stop(stopCode, reason, options = { drain: true }) {
      explain(life, stopCode, reason);
      if (isAlive(record)) record.status = "DEACTIVATING";
      changed();
      const drained = deregister(life);
      if (options.drain && life.running.length > 0) await Promise.race([drained, life.over.promise]);
      if (life.running.length > 0 && isAlive(record)) {
        record.status = "STOPPING";
        changed();
        await stopContainers(life.running);
      }
      await settled;
    },
  };
}

/** From the first port to the end of the last process. */
async function live(life: Life): Promise<void> {
  const { record, containers, createLog } = life.plan;
  createLog();
  const prepared: Prepared[] = [];
  for (const container of containers) prepared.push(...(await prepare(life, container)));
  if (record.desiredStatus === "STOPPED") return;
  record.status = "PENDING";
  const bindings = record.containers.flatMap((container) => container.bindings);
  const ofTask = new Map(bindings.map(({ containerPort, hostPort }) => [containerPort, hostPort]));
  for (const one of prepared) start(life, one, ofTask);
  if (isUp(life)) await activate(life);
  await life.over.promise;
  await stopContainers(life.running);
}

/** A container with its image and its ports. */
interface Prepared {
  readonly plan: ContainerPlan;
  readonly image: FoundImage;
  /** By the names of variables. */
  readonly named: Readonly<Record<string, number>>;
}

/** None: there is no such image. */
async function prepare(life: Life, plan: ContainerPlan): Promise<readonly Prepared[]> {
  const { record, containerPorts } = plan;
  const own = await takePort(life);
  for (const [index, containerPort] of containerPorts.entries()) {
    record.bindings.push({ containerPort, hostPort: index === 0 ? own : await takePort(life) });
  }
  const image = findImage(life.host.images, plan);
  if (typeof image === "string") {
    fail(life, plan, image);
    return [];
  }
  const named: Record<string, number> = { PORT: own };
  const further = image.kind === "catalog" ? image.image.ports : [];
  for (const name of further) named[name] = await takePort(life);
  return [{ plan, image, named }];
}

async function takePort({ host, held }: Life): Promise<number> {
  const port = await host.ports.take();
  held.push(port);
  return port;
}

function start(life: Life, { plan, image, named }: Prepared, ofTask: ReadonlyMap<number, number>): void {
  const isMissing = (name: string) => !life.running.some((one) => one.plan.record.name === name);
  const missing = plan.dependsOn.find(isMissing);
  if (missing !== undefined) return fail(life, plan, `its dependency ${missing} has not started`);
  const container = startContainer(plan, image, { named, ofTask }, life.host.guardian, (end) => {
    if (end.kind === "notStarted") fail(life, plan, `CannotStartContainerError: ${end.message}`);
    if (plan.record.essential) life.over.resolve();
    life.changed();
  });
  life.running.push(container);
}

/** Amazon ECS, "essential": one that fails to start ends its task, another one only itself. */
function fail(life: Life, { record }: ContainerPlan, reason: string): void {
  record.status = "STOPPED";
  record.reason = reason;
  if (!record.essential) return;
  explain(life, "TaskFailedToStart", reason);
  life.over.resolve();
}

const isUp = ({ plan }: Life): boolean =>
  plan.record.containers.every(({ essential, pid }) => !essential || pid !== undefined);

/** AWS, "Task lifecycle": in ACTIVATING a task is registered in its target groups. */
async function activate(life: Life): Promise<void> {
  const { record, registrations } = life.plan;
  const targets = new Map<string, TargetAddress>();
  life.targets = targets;
  record.status = registrations.length === 0 ? "RUNNING" : "ACTIVATING";
  if (record.status === "RUNNING") record.startedAtMs = life.host.clock.now();
  try {
    for (const registration of registrations) {
      const target = { host: "127.0.0.1", port: portOf(record, registration) };
      life.host.targets.registerTarget(registration.targetGroupArn, target);
      targets.set(registration.targetGroupArn, target);
    }
  } catch (error) {
    const reason = `Unable to register the task with its load balancer: ${messageOf(error)}`;
    explain(life, "TaskFailedToStart", reason);
    await stopContainers(life.running);
  }
  life.changed();
}

function portOf({ containers }: TaskRecord, { containerName, containerPort }: Registration): number {
  const container = containers.find(({ name }) => name === containerName);
  const binding = container?.bindings.find((one) => one.containerPort === containerPort);
  if (binding === undefined) throw new Error(`container ${containerName} has no port ${containerPort}`);
  return binding.hostPort;
}

function finish(life: Life): void {
  const { record } = life.plan;
  const { ports, clock } = life.host;
  explain(life, "EssentialContainerExited", "Essential container in task exited");
  void deregister(life).then(() => life.held.forEach(ports.giveBack));
  for (const container of record.containers) container.status = "STOPPED";
  record.status = "STOPPED";
  record.stoppedAtMs = clock.now();
  life.changed();
}

/** The first reason counts: a process that ends because it was told to has not ended by itself. */
function explain(life: Life, stopCode: StopCode, reason: string): void {
  const { record } = life.plan;
  record.desiredStatus = "STOPPED";
  record.stopCode ??= stopCode;
  record.stoppedReason ??= reason;
  record.stoppingAtMs ??= life.host.clock.now();
}

async function deregister(life: Life): Promise<void> {
  const { targets = new Map<string, TargetAddress>() } = life;
  life.targets = undefined;
  // A target group that cannot answer any more (deleted) has no connections to drain.
  await Promise.allSettled(
    [...targets].map(([arn, leaving]) => life.host.targets.deregisterTarget(arn, leaving)),
  );
}

function groupsThatAre({ targets, host }: Life, state: "healthy" | "unhealthy" | "unused"): string[] {
  return [...(targets ?? [])].flatMap(([arn, target]) =>
    healthIn(host.targets, arn, target) === state ? [arn] : [],
  );
}

/** Not STOPPED; a function, since the status changes during an await where the compiler cannot see it. */
export function isAlive(record: TaskRecord): boolean {
  return record.status !== "STOPPED";
}

function healthIn(targets: TargetRegistry, targetGroupArn: string, target: TargetAddress): string {
  try {
    return targets.targetHealth(targetGroupArn, target);
  } catch {
    // The group was deleted under its service: nobody checks the target any more, which AWS calls unused.
    return "unused";
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
