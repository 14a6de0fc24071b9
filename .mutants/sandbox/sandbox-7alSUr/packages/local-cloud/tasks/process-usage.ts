import { existsSync, readFileSync, readdirSync } from "node:fs";

export interface Usage {
  /** CPU seconds since the start, of the processes that live and of their ended children. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Linux, proc(5): clock ticks are 1/100 second on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * What the processes of each session use, by session id; a task's process leads a session of its own, so its workers
 * count with it. Undefined where there is no /proc (macOS).
 */
export function readUsage(procDirectory = "/proc"): Map<number, Usage> | undefined {
  if (!existsSync(`${procDirectory}/self/stat`)) return undefined;
  const sessions = new Map<number, Usage>();
  for (const pid of readdirSync(procDirectory).filter((name) => /^\d+$/.test(name))) {
    const stat = readProcFile(`${procDirectory}/${pid}/stat`);
    const status = readProcFile(`${procDirectory}/${pid}/status`);
    if (stat === undefined || status === undefined) continue;
    const { session, cpuSeconds } = parseStat(stat);
    const before = sessions.get(session) ?? { cpuSeconds: 0, memoryBytes: 0 };
    sessions.set(session, {
      cpuSeconds: before.cpuSeconds + cpuSeconds,
      memoryBytes: before.memoryBytes + residentBytes(status),
    });
  }
  return sessions;
}

/** The session and CPU seconds of a line of /proc/<pid>/stat; the program's name may hold spaces and brackets. */
export function parseStat(stat: string): { session: number; cpuSeconds: number } {
  // proc(5): after the name in brackets, state is field 3, session 6, utime to cstime 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return { session: field(6), cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** VmRSS is in kB whatever the page size; a zombie has none. */
function residentBytes(status: string): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return match === null ? 0 : Number(match[1]) * 1024;
}

function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process ended between the listing and the reading: it uses nothing.
    return undefined;
  }
}
