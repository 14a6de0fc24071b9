import type { Clock } from "../clock.ts";
import type { TargetAddress } from "../gateway/target.ts";
import type { Guardian } from "./guardian.ts";
import type { ImageCatalog, LocalImage } from "./images.ts";
import type { LogFiles } from "./log-files.ts";
import type { TaskRecord } from "./model.ts";
import { withPorts } from "./placeholders.ts";
import { startProcess } from "./process.ts";
import type { Ports, ProcessEnd, TaskProcess } from "./process.ts";
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
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In place of the image's own; empty: the image's. An image of the catalog has no ENTRYPOINT that would stay. */
  readonly command: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** Real milliseconds between SIGTERM and SIGKILL. */
  readonly killAfterMs: number;
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
  process: TaskProcess | undefined;
  /** What it holds of the machine's ports, its own first. */
  readonly held: number[];
  /** Where it is registered in its target groups. */
  target: TargetAddress | undefined;
}

/** Starts a task; `changed` is called at each change of its record's status. */
export function startTask(host: TaskHost, plan: TaskPlan, changed: () => void): RunningTask {
  const { record } = plan;
  const life: Life = { host, plan, changed, process: undefined, held: [], target: undefined };
  const settled = live(life).then(
    (end) => finish(life, end),
    (error: unknown) => {
      explain(life, "TaskFailedToStart", `CannotStartContainerError: ${messageOf(error)}`);
      finish(life, undefined);
    },
  );
  return {
    record,
    startedRealMs: performance.now(),
    groupsThatAre: (state) => groupsThatAre(life, state),
    whyUnhealthy() {
      const { target } = life;
      if (target === undefined) return [];
      const groups = groupsThatAre(life, "unhealthy");
      return [...new Set(groups.map((arn) => host.targets.whyUnhealthy(arn, target)))];
    },
    health() {
      if (life.target === undefined) return "waiting";
      if (groupsThatAre(life, "unhealthy").length > 0) return "unhealthy";
      return groupsThatAre(life, "healthy").length === plan.targetGroupArns.length ? "healthy" : "waiting";
    },
    async stop(stopCode, reason, options = { drain: true }) {
      explain(life, stopCode, reason);
      if (isAlive(record)) record.status = "DEACTIVATING";
      changed();
      const drained = deregister(life);
      if (options.drain && life.process !== undefined) await Promise.race([drained, life.process.ended]);
      if (life.process !== undefined && isAlive(record)) {
        record.status = "STOPPING";
        changed();
        await life.process.stop(plan.killAfterMs);
      }
      await settled;
    },
  };
}

/** From the first port to the end of the process; undefined when it never came to a process. */
async function live(life: Life): Promise<ProcessEnd | undefined> {
  const { host, plan } = life;
  const { record } = plan;
  record.port = await takePort(life);
  const found = findImage(host.images, record.image);
  if (typeof found === "string") {
    explain(life, "TaskFailedToStart", found);
    return undefined;
  }
  const ports: Record<string, number> = { PORT: record.port };
  for (const name of found.ports) ports[name] = await takePort(life);
  if (record.desiredStatus === "STOPPED") return undefined;
  record.status = "PENDING";
  const { cwd, ...image } = withPorts(found, ports);
  const command = plan.command.length === 0 ? image.command : plan.command;
  const given = {
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    HOST: "127.0.0.1",
  };
  const environment = { ...image.environment, ...plan.environment, ...given };
  const started = startProcess({ command, cwd }, environment, plan.logFile, host.guardian);
  life.process = started;
  record.pid = started.pid;
  if (record.pid !== undefined) await activate(life, started, { host: "127.0.0.1", port: record.port });
  return started.ended;
}

async function takePort({ host, held }: Life): Promise<number> {
  const port = await host.ports.take();
  held.push(port);
  return port;
}

/** AWS, "Task lifecycle": in ACTIVATING a task is registered in its target groups. */
async function activate(life: Life, started: TaskProcess, target: TargetAddress): Promise<void> {
  const { record, targetGroupArns, killAfterMs } = life.plan;
  life.target = target;
  record.status = targetGroupArns.length === 0 ? "RUNNING" : "ACTIVATING";
  if (record.status === "RUNNING") record.startedAtMs = life.host.clock.now();
  try {
    for (const arn of targetGroupArns) life.host.targets.registerTarget(arn, target);
  } catch (error) {
    const reason = `Unable to register the task with its load balancer: ${messageOf(error)}`;
    explain(life, "TaskFailedToStart", reason);
    await started.stop(killAfterMs);
  }
  life.changed();
}

function finish(life: Life, end: ProcessEnd | undefined): void {
  const { record } = life.plan;
  const { ports, clock } = life.host;
  if (end?.kind === "exited") record.exitCode = end.exitCode;
  if (end?.kind === "notStarted") {
    explain(life, "TaskFailedToStart", `CannotStartContainerError: ${end.message}`);
  }
  explain(life, "EssentialContainerExited", "Essential container in task exited");
  void deregister(life).then(() => life.held.forEach(ports.giveBack));
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
  const leaving = life.target;
  life.target = undefined;
  if (leaving === undefined) return;
  // A target group that cannot answer any more (deleted) has no connections to drain.
  await Promise.allSettled(
    life.plan.targetGroupArns.map((arn) => life.host.targets.deregisterTarget(arn, leaving)),
  );
}

function groupsThatAre(life: Life, state: "healthy" | "unhealthy" | "unused"): string[] {
  const { target, plan, host } = life;
  if (target === undefined) return [];
  return plan.targetGroupArns.filter((arn) => healthIn(host.targets, arn, target) === state);
}

/** Not STOPPED; a function, since the status changes during an await where the compiler cannot see it. */
export function isAlive(record: TaskRecord): boolean {
  return record.status !== "STOPPED";
}

function findImage(images: ImageCatalog, reference: string): LocalImage | string {
  try {
    const image = images.resolve(reference);
    if (image !== undefined) return image;
    const known = images.known();
    const list = known.length === 0 ? "no image is known" : `known images: ${known.join(", ")}`;
    return `CannotPullContainerError: failed to resolve ref ${reference}: not found (${list})`;
  } catch (error) {
    return `CannotPullContainerError: failed to resolve ref ${reference}: ${messageOf(error)}`;
  }
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
