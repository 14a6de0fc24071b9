/** The newest lines that one task wrote, or one container of several in it, oldest first. */
export interface TaskLog {
  readonly taskId: string;
  /** Undefined: the task has no other. */
  readonly container?: string | undefined;
  /** `family:revision` of what it ran; undefined: not known. */
  readonly taskDefinition?: string | undefined;
  readonly lines: readonly string[];
}

/** Reads what a service's tasks wrote, the newest task first. Only the local cloud keeps it within reach. */
export type ReadLogs = (serviceName: string, lines: number) => Promise<readonly TaskLog[]>;
