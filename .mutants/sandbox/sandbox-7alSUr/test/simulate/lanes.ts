import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Violation } from "./watch/violation.ts";

export interface WorkerTask {
  readonly first: number;
  readonly count: number;
  readonly every: number;
  readonly planted: string | undefined;
  /** Numbers of the incidents that happen; undefined: all. */
  readonly keep: readonly number[] | undefined;
  readonly stopAtFirst: boolean;
  /** Whether what breaks a promise is told with as few incidents as it takes. */
  readonly shrinks: boolean;
}

export interface SeedOutcome {
  readonly seed: number;
  /** The model, and how its release ended. */
  readonly end: string;
  /** Numbers of the incidents that happened. */
  readonly keep: readonly number[];
  readonly violations: readonly Violation[];
  /** Of a seed with violations: what happened, and the incidents that did. */
  readonly trace: readonly string[];
  readonly story: readonly string[];
}

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Runs a task in a process of its own. `tell` gets each outcome; throws when the process does not come to its end. */
export function inWorker(task: WorkerTask, tell: (outcome: SeedOutcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(WORKER, { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
    // What verbs say to people, and why the process died, if it did.
    let said = "";
    child.stderr?.on("data", (text: Buffer) => {
      said = `${said}${text.toString("utf8")}`.slice(-2_000);
    });
    child.on("message", (outcome: SeedOutcome) => tell(outcome));
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with ${signal ?? code}: ${said}`));
    });
    child.send(task);
  });
}

/** The seeds from `first` on, dealt to so many processes. */
export async function inLanes(
  lanes: number,
  { count, first, ...task }: Omit<WorkerTask, "every">,
  tell: (outcome: SeedOutcome) => void,
): Promise<void> {
  const every = Math.min(lanes, count);
  await Promise.all(
    Array.from({ length: every }, (_, lane) => {
      const own = { ...task, every, first: first + lane, count: Math.ceil((count - lane) / every) };
      return inWorker(own, tell);
    }),
  );
}
