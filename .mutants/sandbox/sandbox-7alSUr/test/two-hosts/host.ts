import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LocalPlace } from "../../cli/local/place.ts";
import type { Ran } from "../scenario/support/verb.ts";

export interface RanAt extends Ran {
  readonly endedMs: number;
}

/** A machine of its own as far as its processes can tell, with the same host name, user and files as every other one. */
export interface Host {
  /** `bluegreen <args>` to its end. */
  run(args: readonly string[]): Promise<RanAt>;
  close(): Promise<void>;
}

export function openHost(place: LocalPlace): Host {
  const agent = join(import.meta.dirname, "agent.ts");
  // pid_namespaces(7): what runs there counts its pids from 1, sees nobody else's, and ends with its first process.
  const flags = ["--pid", "--fork", "--mount-proc", "--kill-child"];
  const child = spawn("unshare", [...flags, process.execPath, agent, JSON.stringify(place)], {
    cwd: place.root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = new Map<number, (ran: RanAt) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    // The agent writes nothing else.
    const { id, endedMs, ran } = JSON.parse(line) as { id: number; endedMs: number; ran: Ran };
    waiting.get(id)?.({ ...ran, endedMs });
    waiting.delete(id);
  });
  let count = 0;
  return {
    run(args) {
      const id = (count += 1);
      child.stdin.write(`${JSON.stringify({ id, args })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async close() {
      const ended = once(child, "exit");
      // `unshare` itself ignores SIGTERM while its child runs; `--kill-child` passes this one on.
      child.kill("SIGKILL");
      await ended;
    },
  };
}
