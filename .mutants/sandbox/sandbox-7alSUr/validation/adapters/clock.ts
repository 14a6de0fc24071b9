import { setTimeout as delay } from "node:timers/promises";
import { isRecord } from "../../contract/config/field.ts";
import type { Clock } from "../ports.ts";

/** Looks at the cloud are never closer together than this, whatever the speed of its clock. */
const SHORTEST_SLEEP_MS = 200;

const REAL = { now: Date.now, sleep: delay };
type Machine = { readonly now: () => number; readonly sleep: (ms: number) => Promise<unknown> };

/** On AWS the cloud's time is the machine's. */
export const systemClock = (machine: Machine = REAL): Clock =>
  clockFrom({ virtualMs: 0, realMs: 0, speed: 1 }, machine);

interface ClockOrigin {
  readonly virtualMs: number;
  readonly realMs: number;
  readonly speed: number;
}

/** The time of a cloud that had `virtualMs` at the moment `realMs` and runs at `speed`. */
export function clockFrom({ virtualMs, realMs, speed }: ClockOrigin, machine: Machine = REAL): Clock {
  const fromWall = (wallMs: number) => virtualMs + (wallMs - realMs) * speed;
  return {
    now: () => fromWall(machine.now()),
    wall: machine.now,
    fromWall,
    sleep: async (ms) => {
      await machine.sleep(Math.max(SHORTEST_SLEEP_MS, ms / speed));
    },
  };
}

/** The clock of the local cloud at `baseUrl`, read once. Throws when there is none. */
export async function localClock(baseUrl: string, machine: Machine = REAL): Promise<Clock> {
  const response = await fetch(new URL("/clock", baseUrl), { signal: AbortSignal.timeout(3_000) });
  const origin: unknown = await response.json();
  const numbers = isRecord(origin) ? [origin["virtualMs"], origin["realMs"], origin["speed"]] : [];
  const [virtualMs, realMs, speed] = numbers;
  if (
    typeof virtualMs !== "number" ||
    typeof realMs !== "number" ||
    typeof speed !== "number" ||
    speed <= 0
  ) {
    throw new Error(`${baseUrl}/clock did not answer with a clock`);
  }
  return clockFrom({ virtualMs, realMs, speed }, machine);
}
