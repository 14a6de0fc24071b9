import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** Files kept per service: enough to read about a deployment that failed, few enough for a crash loop of a night. */
const KEPT_PER_SERVICE = 20;

/** One file per task, `<directory>/<service>/<taskId>.log`, with what the task wrote to both of its outputs. */
export interface LogFiles {
  /** The file for a new task; the oldest files of the service go, except those of tasks that are running. */
  create(service: string, taskId: string, isRunning: (taskId: string) => boolean): string;
  /** The file of a task, whether it is there or not. */
  of(service: string, taskId: string): string;
  /** The service's files, newest first. */
  list(service: string): string[];
}

export function createLogFiles(directory: string): LogFiles {
  const list = (service: string): string[] => {
    const folder = join(directory, service);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => ({ file: join(folder, name), createdMs: statSync(join(folder, name)).birthtimeMs }))
      .sort((a, b) => b.createdMs - a.createdMs)
      .map(({ file }) => file);
  };
  const of = (service: string, taskId: string) => join(directory, service, `${taskId}.log`);
  return {
    of,
    list,
    create(service, taskId, isRunning) {
      mkdirSync(join(directory, service), { recursive: true });
      for (const file of list(service).slice(KEPT_PER_SERVICE - 1)) {
        if (!isRunning(basename(file, ".log"))) rmSync(file, { force: true });
      }
      return of(service, taskId);
    },
  };
}
