import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Kills the tasks of a local cloud that is gone, however it went. */
export interface Guardian {
  /** Starts the guardian when it does not run; throws where there is no /bin/sh. Call it before the first start. */
  stand(): void;
  /** From now on the process group `pid` does not outlive this process. */
  guard(pid: number): void;
  /** The process group has ended; its id may be reused by the system. */
  release(pid: number): void;
  /** Ends the guardian; what is still guarded is killed. */
  close(): Promise<void>;
}

/**
 * Reads "+ pid" and "- pid" from its standard input. The end of the input means that the local cloud has ended, by
 * whatever means: the kernel closes the pipe of a process that was killed with SIGKILL too. A request from the
 * terminal (Ctrl-C) is not for the guardian, which must be the last to go.
 */
const SCRIPT = `
trap '' HUP INT TERM
pids=' '
while read -r verb pid; do
  case "$verb" in
    +) pids="$pids$pid " ;;
    -) case "$pids" in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
`;

/**
 * One POSIX shell (about 1 MB) for all tasks. The ways not taken: a Node wrapper around each task costs 40 MB each;
 * Linux's parent-death signal does not exist on macOS; a file of process ids reaps only at the next start, so a local machine
 * keeps orphans until then. A task needs no knowledge of this: its command stays arbitrary. The guardian is started
 * with the first task, and again if somebody kills it. What is left is the microseconds between the start of a task
 * and the line about it: a SIGKILL in between leaves that one task.
 */
export function createGuardian(): Guardian {
  const guarded = new Set<number>();
  let shell: ChildProcess | undefined;
  let closing = false;

  const start = (): ChildProcess => {
    const started = spawn("/bin/sh", ["-c", SCRIPT, "task-guardian"], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    // A write to a shell that just died fails with EPIPE; its exit, handled below, says the same.
    started.stdin?.on("error", () => {});
    started.once("exit", () => {
      shell = undefined;
      if (!closing && guarded.size > 0) shell = start();
    });
    // A shell that cannot be started has no pid; that is thrown below.
    started.once("error", () => {});
    if (started.pid === undefined) {
      throw new Error("the local cloud needs /bin/sh, to end its tasks when it is killed itself");
    }
    for (const pid of guarded) started.stdin?.write(`+ ${pid}\n`);
    started.unref();
    return started;
  };

  return {
    stand() {
      shell ??= start();
    },
    guard(pid) {
      guarded.add(pid);
      shell?.stdin?.write(`+ ${pid}\n`);
    },
    release(pid) {
      guarded.delete(pid);
      shell?.stdin?.write(`- ${pid}\n`);
    },
    async close() {
      closing = true;
      if (shell === undefined) return;
      // It was unreferenced so as to keep no process alive; now its end is waited for.
      shell.ref();
      const ended = once(shell, "exit");
      shell.stdin?.end();
      await ended;
    },
  };
}
