import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { constants } from "node:os";
import type { Guardian } from "./guardian.ts";
import type { LocalImage } from "./images.ts";

/** How a task's process ended. `exitCode` is 128 + signal number for a signal, as container runtimes report it. */
export type ProcessEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "notStarted"; readonly message: string };

export interface TaskProcess {
  /** Undefined when the process could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM at the first call, SIGKILL after `killAfterMs` real milliseconds; settles when the process is gone. */
  stop(killAfterMs: number): Promise<ProcessEnd>;
}

/** What a task inherits: how to find programs and libraries. A container has nothing of its host: no credentials. */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "PYTHONPATH",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
];

/**
 * Starts the image's command as the leader of a process group of its own, so that its workers end with it and the
 * terminal's Ctrl-C reaches the local cloud only. Output is appended to `logFile`.
 */
export function startProcess(
  image: Pick<LocalImage, "command" | "cwd">,
  environment: Readonly<Record<string, string>>,
  logFile: string,
  guardian: Guardian,
): TaskProcess {
  const [program = "", ...args] = image.command;
  guardian.stand();
  const log = openSync(logFile, "a");
  const child = spawn(program === "node" ? process.execPath : program, args, {
    cwd: image.cwd,
    env: { ...inherited(), ...environment },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const pid = child.pid;
  if (pid !== undefined) guardian.guard(pid);

  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once("error", (error) => {
      if (pid === undefined) resolve({ kind: "notStarted", message: error.message });
    });
    child.once("exit", (code, signal) => {
      if (pid !== undefined) {
        // A container ends with its first process: whatever that left behind in its group goes too.
        signalGroup(pid, "SIGKILL");
        guardian.release(pid);
      }
      resolve({ kind: "exited", exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });

  let stopping = false;
  return {
    pid,
    ended,
    async stop(killAfterMs) {
      if (!stopping) child.kill("SIGTERM");
      stopping = true;
      const timer = setTimeout(() => {
        if (pid !== undefined) signalGroup(pid, "SIGKILL");
      }, killAfterMs);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group has ended already, which is what was asked for. macOS answers EPERM for a group of zombies.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * Below the ranges from which systems take the ports of outgoing connections (Linux 32768, macOS 49152): between
 * the question and the task's listen, no connection of the gateway can take the port away.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/** Hands out ports of 127.0.0.1 on which nobody listens; never one that was handed out and not given back. */
export interface Ports {
  take(): Promise<number>;
  giveBack(port: number): void;
}

export function createPorts(random: () => number = Math.random): Ports {
  const taken = new Set<number>();
  const count = LAST_PORT - FIRST_PORT + 1;
  let next = FIRST_PORT + Math.floor(random() * count);
  return {
    async take() {
      for (let tries = 0; tries < count; tries += 1) {
        const port = next;
        next = port === LAST_PORT ? FIRST_PORT : port + 1;
        if (taken.has(port)) continue;
        taken.add(port);
        if (await isFree(port)) return port;
        taken.delete(port);
      }
      throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
    },
    giveBack: (port) => taken.delete(port),
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
