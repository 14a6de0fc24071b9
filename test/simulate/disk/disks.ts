import type { ProcessOnMachine } from "../engine/machine.ts";
import type { Timeline } from "../engine/timeline.ts";
import type { Wire } from "../engine/wire.ts";

interface Disks {
  readonly timeline: Timeline;
  readonly wire: Wire;
  /** By the run that its paths name. */
  readonly byRun: Map<string, ProcessOnMachine>;
}

let current: Disks | undefined;

/** From now on simulated paths are of the machines of this simulation. */
export function useDisks(timeline: Timeline, wire: Wire): Disks["byRun"] {
  current = { timeline, wire, byRun: new Map() };
  return current.byRun;
}

/** One operation on the disk of the machine that the path is of; who is dead does no more of them. */
export async function onDisk<T>(
  path: string,
  what: string,
  effect: (files: Map<string, string>) => T,
  { needsRoom = false }: { readonly needsRoom?: boolean } = {},
): Promise<T> {
  const [, , run = ""] = path.split("/");
  const by = current?.byRun.get(run);
  if (current === undefined || by === undefined) throw new Error(`${path} is on no simulated disk`);
  const { timeline, wire } = current;
  return wire.call({
    by,
    reach: path.includes("evidence") ? "evidence" : "memo",
    what: `${what} ${path}`,
    effect() {
      if (needsRoom && by.machine.fullUntilMs > timeline.nowMs) {
        // A file that is opened to be written is empty first (open(2), O_TRUNC), and that takes no room.
        by.machine.files.set(path, "");
        throw errno("ENOSPC", path);
      }
      return effect(by.machine.files);
    },
  });
}

export const errno = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code });
