import { writeFile } from "node:fs/promises";
import { isRecord } from "../../../contract/config/field.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { faultFile, RUNTIME_FAULTS } from "../../../examples/digits/runtime-fault.ts";
import { Refused } from "../http/server.ts";

/** Faults of the example and traffic, on a local cloud alone. */
export interface Playground {
  state(): PlaygroundState;
  play(body: unknown): Promise<PlaygroundState>;
  close(): Promise<void>;
}

export interface PlaygroundState {
  /** Requests a minute that the console sends; 0: none. */
  readonly traffic: number;
  readonly faults: readonly string[];
  /** What was done last, in a sentence. */
  readonly said: string;
}

export interface PlaygroundTools {
  /** Starts users, and answers with what ends them. */
  readonly send: (requestsPerMinute: number) => () => Promise<unknown>;
  /** The image that a slot was asked to run, and the processes of its tasks. */
  readonly tasksOf: (slot: Slot) => Promise<{ readonly image: string; readonly pids: readonly number[] }>;
}

const MOST_TRAFFIC = 6_000;
const KILLED = "killed";
const FAULTS: readonly string[] = [...Object.keys(RUNTIME_FAULTS), KILLED];

export function openPlayground({ send, tasksOf }: PlaygroundTools): Playground {
  let traffic = 0;
  let said = "";
  let end: () => Promise<unknown> = async () => {};
  const state = (): PlaygroundState => ({ traffic, faults: FAULTS, said });
  const setTraffic = async (wanted: number) => {
    await end();
    end = wanted === 0 ? async () => {} : send(wanted);
    traffic = wanted;
    said = `the console sends ${traffic} requests a minute`;
  };
  const spoil = async (slot: Slot, fault: string) => {
    const { image, pids } = await tasksOf(slot);
    if (fault === KILLED) {
      for (const pid of pids) process.kill(pid, "SIGKILL");
    } else {
      // Another model's process would be ended by the signal.
      if (!image.startsWith("digits:"))
        throw new Refused(409, `${image} is not the example, and has no faults to switch.`);
      for (const pid of pids) {
        await writeFile(faultFile(pid), fault, { mode: 0o600 });
        process.kill(pid, "SIGUSR2");
      }
    }
    said = `${slot}: ${fault} (${pids.length} ${pids.length === 1 ? "task" : "tasks"})`;
  };
  return {
    state,
    async play(body) {
      const asked = isRecord(body) ? body : {};
      const { fault, traffic: wanted } = asked;
      const slot = SLOTS.find((one) => one === asked["slot"]);
      const isTraffic = typeof wanted === "number" && Number.isInteger(wanted) && wanted >= 0;
      if (isTraffic && wanted <= MOST_TRAFFIC) await setTraffic(wanted);
      else if (slot !== undefined && typeof fault === "string" && FAULTS.includes(fault))
        await spoil(slot, fault);
      else
        throw new Refused(
          400,
          `traffic: 0 to ${MOST_TRAFFIC}; or slot: blue or green, and fault: ${FAULTS.join(", ")}.`,
        );
      return state();
    },
    close: async () => void (await end()),
  };
}
