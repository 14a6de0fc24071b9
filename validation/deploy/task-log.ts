/** The newest lines that one task wrote, oldest first. */
export interface TaskLog {
  readonly taskId: string;
  /** `family:revision` of what it ran; undefined: not known. */
  readonly taskDefinition?: string | undefined;
  readonly lines: readonly string[];
}

/** Reads what a service's tasks wrote, the newest task first. Only the local cloud keeps it within reach. */
export type ReadLogs = (serviceName: string, lines: number) => Promise<readonly TaskLog[]>;
