import { every } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { MetricSink } from "../gateway/metric-sink.ts";
import { cpuUnitsOf, memoryMibOf } from "./fargate-sizes.ts";
import type { ServiceRecord, TaskDefinitionRecord, TaskRecord } from "./model.ts";
import { readUsage } from "./process-usage.ts";
import type { Usage } from "./process-usage.ts";

const MINUTE_MS = 60_000;

export interface UsageSource {
  /** Services with their tasks in any status. */
  services(): readonly { readonly service: ServiceRecord; readonly tasks: readonly TaskRecord[] }[];
  definitionOf(arn: string): TaskDefinitionRecord;
}

export interface UsageOptions {
  readonly clock: Clock;
  readonly metrics: MetricSink;
  readonly log: (line: string) => void;
  /** By process id of the task; answers undefined where the system does not tell. Reads /proc unless given. */
  readonly readUsage: (() => Map<number, Usage> | undefined) | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly cpuSeconds: number;
}

/**
 * Publishes AWS/ECS CPUUtilization and MemoryUtilization of each service with running tasks, once a virtual minute:
 * percent of what the task definition reserves, one value per task. Where the system does not tell what a process
 * uses, nothing is published: no data must not look like an idle service. Returns what ends it.
 */
export function publishUsage(source: UsageSource, options: UsageOptions): () => void {
  const { clock, metrics } = options;
  const read = options.readUsage ?? readUsage;
  let samples = new Map<string, Sample>();
  let published = -Infinity;
  let told = false;

  const publish = () => {
    const usage = read();
    if (usage === undefined) {
      if (!told)
        options.log(
          "no /proc on this system: AWS/ECS CPUUtilization and MemoryUtilization are not published",
        );
      told = true;
      return;
    }
    const nowMs = clock.now();
    const timestampMs = startOfMinuteBefore(nowMs);
    // A timer that fires a little early fires again at the minute.
    if (timestampMs === published) return;
    published = timestampMs;
    const next = new Map<string, Sample>();
    for (const { service, tasks } of source.services()) {
      const dimensions = { ClusterName: service.cluster, ServiceName: service.name };
      const seriesOf = (metricName: string) =>
        metrics.series({ namespace: "AWS/ECS", metricName, unit: "Percent", dimensions });
      for (const task of tasks.filter(({ status }) => status === "RUNNING")) {
        const used = usedBy(task, usage);
        if (used === undefined) continue;
        const { definition } = source.definitionOf(task.taskDefinition);
        const before = samples.get(task.id) ?? { atMs: task.createdAtMs, cpuSeconds: 0 };
        next.set(task.id, { atMs: nowMs, cpuSeconds: used.cpuSeconds });
        const cpus = cpuUnitsOf(definition.cpu ?? "") / 1024;
        const reservedSeconds = (cpus * (nowMs - before.atMs)) / 1000;
        addPercent(
          seriesOf("CPUUtilization"),
          timestampMs,
          used.cpuSeconds - before.cpuSeconds,
          reservedSeconds,
        );
        const reservedBytes = memoryMibOf(definition.memory ?? "") * 1024 * 1024;
        addPercent(seriesOf("MemoryUtilization"), timestampMs, used.memoryBytes, reservedBytes);
      }
    }
    samples = next;
  };
  return every(clock, MINUTE_MS, 0, publish);
}

/**
 * What all containers of a task use: Amazon ECS reports the service's utilization by the size of its tasks. Undefined: none of them
 * was found.
 */
function usedBy({ containers }: TaskRecord, usage: ReadonlyMap<number, Usage>): Usage | undefined {
  const found = containers.flatMap(({ pid }) => (pid === undefined ? [] : (usage.get(pid) ?? [])));
  if (found.length === 0) return undefined;
  return {
    cpuSeconds: found.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryBytes: found.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

/** CloudWatch: a period's data point carries the time of its start. A timer may fire a little before the minute. */
function startOfMinuteBefore(nowMs: number): number {
  return (Math.round(nowMs / MINUTE_MS) - 1) * MINUTE_MS;
}

function addPercent(
  series: { add(timestampMs: number, value: number): void },
  timestampMs: number,
  used: number,
  reserved: number,
): void {
  // A definition without a size reserves nothing that could be used in part.
  if (Number.isFinite(reserved) && reserved > 0) series.add(timestampMs, (100 * used) / reserved);
}
