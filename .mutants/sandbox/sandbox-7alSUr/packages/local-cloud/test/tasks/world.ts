import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Service, Task } from "@aws-sdk/client-ecs";
import { createEcs } from "../../tasks/ecs.ts";
import type { Ecs, EcsOptions } from "../../tasks/ecs.ts";
import { readImages } from "../../tasks/images.ts";
import type { MetricSink } from "../../gateway/metric-sink.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { FakeTargets } from "./fake-targets.ts";

/** What a fixture process said when it was ready. */
export interface ModelProcess {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly ended: Promise<void>;
  /** SIGTERM has reached a process that ignores it. */
  readonly gotTerm: Promise<void>;
}

export interface Point {
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  readonly value: number;
}

export interface World {
  readonly directory: string;
  readonly controlPort: number;
  readonly clock: ManualClock;
  readonly targets: FakeTargets;
  /** In the order in which they became ready. */
  readonly processes: ModelProcess[];
  /** Children of the processes with the behaviour `worker`. */
  readonly workers: ModelProcess[];
  readonly points: Point[];
  readonly logged: string[];
  newEcs(options?: Partial<EcsOptions>): Ecs;
  /** Settles when the condition holds; it is asked whenever something changed. Fails after ten seconds. */
  until<T>(what: string, condition: () => T | undefined | false): Promise<T>;
  /** Closes every cloud and waits for the end of every fixture process; fails when a cloud left one behind. */
  close(): Promise<void>;
}

export const MODEL = fileURLToPath(new URL("fixtures/model.ts", import.meta.url));

/** A folder, a catalog of images, fake targets, and a door through which the fixture processes report. */
export async function createWorld(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "ecs-test-"));
  const command = ["node", MODEL];
  writeFileSync(
    join(directory, "images.local.json"),
    JSON.stringify({
      images: {
        "model:1": { command },
        "model:2": { command },
        "model:worker": { command },
        "model:ports": {
          command: ["env", "WORD={PORT} {GRPC_PORT} {other}", process.execPath, MODEL],
          environment: { METRICS: "127.0.0.1:{METRICS_PORT}", MODEL_FILE: "of-the-image" },
          ports: ["GRPC_PORT", "METRICS_PORT"],
        },
      },
    }),
  );
  const clock = new ManualClock();
  const targets = new FakeTargets();
  const processes: ModelProcess[] = [];
  const workers: ModelProcess[] = [];
  const points: Point[] = [];
  const logged: string[] = [];
  const clouds: Ecs[] = [];
  const checks = new Set<() => void>();
  const check = () => [...checks].forEach((again) => again());

  const door = createServer((socket) => {
    let text = "";
    const ended = new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.on("error", () => resolve());
    });
    let hearTerm = () => {};
    const gotTerm = new Promise<void>((resolve) => {
      hearTerm = resolve;
    });
    void ended.then(check);
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.endsWith("TERM\n")) return hearTerm();
      if (!text.endsWith("\n")) return;
      const [port, pid, version = ""] = text.trim().split(" ");
      const reported = { port: Number(port), pid: Number(pid), version, ended, gotTerm };
      (version === "worker" ? workers : processes).push(reported);
      targets.isUp(reported.port);
      check();
    });
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const controlPort = (door.address() as AddressInfo).port;
  const metrics: MetricSink = {
    series: ({ metricName, dimensions }) => ({
      add: (timestampMs, value) => points.push({ metricName, dimensions, timestampMs, value }),
    }),
  };

  return {
    directory,
    controlPort,
    clock,
    targets,
    processes,
    workers,
    points,
    logged,
    newEcs(options = {}) {
      const ecs = createEcs({
        clock,
        region: "us-east-1",
        images: readImages(join(directory, "images.local.json")),
        targets,
        metrics,
        logDirectory: join(directory, "logs"),
        log: (line) => logged.push(line),
        ...options,
      });
      ecs.onChange(check);
      clouds.push(ecs);
      return ecs;
    },
    until(what, condition) {
      return new Promise((resolve, reject) => {
        const bound = setTimeout(() => {
          checks.delete(again);
          reject(new Error(`never happened: ${what}`));
        }, 10_000);
        const again = () => {
          const answer = condition();
          if (answer === undefined || answer === false) return;
          clearTimeout(bound);
          checks.delete(again);
          resolve(answer);
        };
        checks.add(again);
        again();
      });
    },
    async close() {
      try {
        await Promise.all(clouds.map((ecs) => ecs.close()));
        const left = clouds.length === 0 ? [] : processes.filter(({ pid }) => !isGone(pid));
        if (left.length > 0) throw new Error(`left behind: ${left.map(({ pid }) => pid).join(", ")}`);
        if (targets.listenerCount > 0) throw new Error("a closed cloud still listens to its targets");
        await Promise.all([...processes, ...workers].map(({ ended }) => ended));
        await new Promise((resolve) => door.close(resolve));
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/** True when the system has no such process. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

export const GROUP = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/blue/0000000000000001";
export const TEST_GROUP =
  "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/blue-test/0000000000000002";

/** A user of one ECS who knows one cluster `models`. */
export function userOf(ecs: Ecs, controlPort: number) {
  // Operations answer in the shape of the SDK's types; each caller here knows which.
  const call = <Answer = unknown>(name: string, input: object) =>
    ecs.operations[name]?.(input as Record<string, unknown>) as Answer;
  return {
    call,
    createCluster: () => call("CreateCluster", { clusterName: "models" }),
    /** Registers a revision; answers its ARN. */
    register(
      image: string,
      environment: Record<string, string> = {},
      container: object = {},
      containerDefinitions?: readonly object[],
    ): string {
      const all = { CONTROL_PORT: String(controlPort), VERSION: image, ...environment };
      const { taskDefinition } = call<{ taskDefinition: { taskDefinitionArn: string } }>(
        "RegisterTaskDefinition",
        {
          family: "digits",
          requiresCompatibilities: ["FARGATE"],
          networkMode: "awsvpc",
          cpu: "256",
          memory: "512",
          containerDefinitions: containerDefinitions ?? [
            {
              name: "model",
              image,
              portMappings: [{ containerPort: 8080 }],
              environment: Object.entries(all).map(([name, value]) => ({ name, value })),
              ...container,
            },
          ],
        },
      );
      return taskDefinition.taskDefinitionArn;
    },
    createService: (taskDefinition: string, more: object = {}) =>
      call("CreateService", {
        cluster: "models",
        serviceName: "blue",
        taskDefinition,
        desiredCount: 1,
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
        loadBalancers: [GROUP, TEST_GROUP].map((targetGroupArn) => ({
          targetGroupArn,
          containerName: "model",
          containerPort: 8080,
        })),
        ...more,
      }),
    update: (more: object) => call("UpdateService", { cluster: "models", service: "blue", ...more }),
    service(): Service {
      const input = { cluster: "models", services: ["blue"] };
      return call<{ services: Service[] }>("DescribeServices", input).services[0] ?? {};
    },
    tasks(desiredStatus = "RUNNING"): Task[] {
      const list = { cluster: "models", desiredStatus };
      const { taskArns } = call<{ taskArns: string[] }>("ListTasks", list);
      if (taskArns.length === 0) return [];
      return call<{ tasks: Task[] }>("DescribeTasks", { cluster: "models", tasks: taskArns }).tasks;
    },
    messages(): string[] {
      return (this.service().events ?? []).map(({ message }) => message ?? "");
    },
    /** What the SDK's waiter ServicesStable waits for. */
    isStable(): boolean {
      const { deployments, runningCount, desiredCount } = this.service();
      return deployments?.length === 1 && runningCount === desiredCount;
    },
    isCompleted(): boolean {
      return this.isStable() && this.service().deployments?.[0]?.rolloutState === "COMPLETED";
    },
  };
}
