import { Worker } from "node:worker_threads";
import type { Cell } from "./cell.ts";
import type { Asked, Rollback } from "./simulate.ts";
import type { Done } from "./worker.ts";

export interface Job {
  readonly cell: Cell;
  readonly asked: Asked;
  readonly runs: number;
}

/** What each judge did in each run. */
export type Rollbacks = Readonly<Record<string, readonly Rollback[]>>;

const CHUNK_RUNS = 100;

/** Carries out all jobs on this many workers; the results do not depend on how many there are. */
export async function runAll(
  jobs: readonly Job[],
  { seed, workers, report }: { seed: number; workers: number; report: (done: number, all: number) => void },
): Promise<readonly Rollbacks[]> {
  const tasks = jobs.flatMap(({ cell, asked, runs }, job) =>
    Array.from({ length: Math.ceil(runs / CHUNK_RUNS) }, (_, chunk) => ({
      job,
      cell,
      asked,
      seed,
      fromRun: chunk * CHUNK_RUNS,
      toRun: Math.min(runs, (chunk + 1) * CHUNK_RUNS),
    })),
  );
  const file = new URL("worker.ts", import.meta.url);
  const done = await runTasks<(typeof tasks)[number], Done>(file, tasks, { workers, report });
  return jobs.map((_, job) =>
    merged(done.filter((_, id) => tasks[id]?.job === job).map(({ rollbacks }) => rollbacks)),
  );
}

/** What a worker of this file makes of each task, on so many of them. Tasks get a number of their own. */
export async function runTasks<Task extends object, Result>(
  file: URL,
  tasks: readonly Task[],
  { workers, report }: { workers: number; report: (done: number, all: number) => void },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    const worker = new Worker(file);
    try {
      while (next < tasks.length) {
        const id = next++;
        const task = tasks[id];
        if (task === undefined) break;
        results[id] = await ask<Result>(worker, { ...task, id });
        report(++done, tasks.length);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

function ask<Result>(worker: Worker, task: object): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      worker.off("message", onMessage);
      worker.off("error", onError);
    };
    const onMessage = (done: Result) => {
      stop();
      resolve(done);
    };
    const onError = (error: Error) => {
      stop();
      reject(error);
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.postMessage(task);
  });
}

function merged(parts: readonly Done["rollbacks"][]): Rollbacks {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => part[name] ?? [])]));
}
