import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { timesFile } from "../logs/log-times.ts";

/** Files kept per service: enough to read about a deployment that failed, few enough for a crash loop of a night. */
const KEPT_PER_SERVICE = 20;

/**
 * One file per task, `<directory>/<service>/<family>_<revision>_<taskId>.log`, with what the task wrote to both of its
 * outputs. Whose it is stands in its name, so that a restart does not forget it.
 */
export interface LogFiles {
  /** The file for a new task; the oldest files of the service go, except those of tasks that are running. */
  create(service: string, task: LoggingTask, isRunning: (taskId: string) => boolean): string;
  /** The file of a task, whether it is there or not. */
  of(service: string, task: LoggingTask): string;
  /** The service's files, newest first. */
  list(service: string): string[];
}

export interface LoggingTask {
  readonly id: string;
  /** ARN. */
  readonly taskDefinition: string;
}

/** The file of one container of a task that has several, beside that of the task. */
export const containerLog = (taskLog: string, container: string): string =>
  taskLog.replace(/\.log$/, `@${container}.log`);

interface LogName {
  readonly taskId: string;
  /** `family:revision`; undefined in files of version 0.1. */
  readonly taskDefinition: string | undefined;
  /** Undefined: the task has no other. */
  readonly container?: string;
}

/** Whose log a file is. */
export function readLogName(file: string): LogName {
  const [task = "", container] = basename(file, ".log").split("@");
  return { ...readTaskName(task), ...(container === undefined ? {} : { container }) };
}

function readTaskName(name: string): LogName {
  const [, family, revision, taskId] = /^(.+)_(\d+)_([^_]+)$/.exec(name) ?? [];
  if (taskId === undefined) return { taskId: name, taskDefinition: undefined };
  return { taskId, taskDefinition: `${family}:${revision}` };
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
  const of = (service: string, { id, taskDefinition }: LoggingTask) => {
    const definition = taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1).replace(":", "_");
    return join(directory, service, `${definition}_${id}.log`);
  };
  return {
    of,
    list,
    create(service, task, isRunning) {
      mkdirSync(join(directory, service), { recursive: true });
      for (const file of list(service).slice(KEPT_PER_SERVICE - 1)) {
        if (isRunning(readLogName(file).taskId)) continue;
        for (const one of [file, timesFile(file)]) rmSync(one, { force: true });
      }
      return of(service, task);
    },
  };
}
