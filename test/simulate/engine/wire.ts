import { between, type Draw } from "./dice.ts";
import type { Incident, Reach } from "./incidents.ts";
import type { ProcessOnMachine } from "./machine.ts";
import type { Timeline } from "./timeline.ts";

const never = () => new Promise<never>(() => {});

type CallIncident = Extract<Incident, { readonly kind: "call" }>;

/** What a call does where it arrives. `staleMs`: it is shown what was there so long ago. */
export type Effect<T> = (staleMs: number) => T;

export interface WireCall<T> {
  readonly by: ProcessOnMachine;
  readonly reach: Reach;
  readonly what: string;
  readonly effect: Effect<T>;
  /** Whether who asks is still there: Pulumi's own process may be, when the one that started it is not. */
  readonly lives?: () => boolean;
}

/**
 * Every call of every process: how long it takes, and what goes wrong with it. Who is dead gets no answer, and what it
 * had not sent is never done.
 */
export class Wire {
  private readonly timeline: Timeline;
  private readonly draw: Draw;
  private readonly waiting: CallIncident[];
  private readonly note: (line: string) => void;

  constructor(timeline: Timeline, draw: Draw, incidents: readonly Incident[], note: (line: string) => void) {
    this.timeline = timeline;
    this.draw = draw;
    this.note = note;
    this.waiting = incidents.filter((one) => one.kind === "call").toSorted((a, b) => a.atMs - b.atMs);
  }

  async call<T>({ by, reach, what, effect, lives = () => by.lives }: WireCall<T>): Promise<T> {
    const number = by.calls++;
    const pause = async (ms: number) => {
      await this.timeline.wait(ms);
      if (!lives()) await never();
    };
    if (!lives()) return never();
    const took = (part: string, min: number, max: number) =>
      between(this.draw(part, by.run, number), min, max);
    const { machine } = by;
    const isOnDisk = reach === "evidence" || reach === "memo";
    if (!isOnDisk && machine.cutOffUntilMs > this.timeline.nowMs) {
      await pause(took("no network", 2_000, 12_000));
      if (machine.cutOffUntilMs > this.timeline.nowMs) throw new Error(`${what}: connect ETIMEDOUT`);
    }
    const fault = this.faultFor(reach);
    if (fault !== undefined) this.note(`${by.name}: ${what} is ${fault.fault}`);
    await pause(isOnDisk ? 1 : took("there", 15, 120));
    const kill = () => {
      by.lives = false;
      by.wasKilled = true;
    };
    const answer = await this.carryOut(fault, what, effect, { pause, kill });
    await pause(isOnDisk ? 1 : took("back", 15, 120));
    return answer;
  }

  private async carryOut<T>(
    fault: CallIncident | undefined,
    what: string,
    effect: Effect<T>,
    { pause, kill }: { readonly pause: (ms: number) => Promise<void>; readonly kill: () => void },
  ): Promise<T> {
    const ms = fault?.ms ?? 0;
    switch (fault?.fault) {
      case undefined:
        return effect(0);
      case "killed":
        kill();
        return never();
      case "throttled":
        await pause(ms);
        return effect(0);
      case "throttledForLong":
        await pause(36_000);
        throw new Error(`${what}: ThrottlingException: Rate exceeded`);
      case "lostBefore":
        await pause(ms);
        throw new Error(`${what}: socket hang up`);
      case "lostAfter":
        effect(0);
        await pause(ms);
        throw new Error(`${what}: socket hang up`);
      case "late": {
        const answer = effect(0);
        await pause(ms);
        return answer;
      }
      case "twice": {
        effect(0);
        await pause(Math.min(ms, 3_000));
        return effect(0);
      }
      case "stale":
        return effect(Math.min(ms, 10_000));
    }
  }

  /** Nothing more goes wrong. */
  forgive(): void {
    this.waiting.length = 0;
  }

  /** Of what is due the first that is about this reach, once. */
  private faultFor(reach: Reach): CallIncident | undefined {
    const at = this.waiting.findIndex((one) => one.reach === reach && one.atMs <= this.timeline.nowMs);
    const found = this.waiting[at];
    if (found?.fault === "killed" && found.ms > 0) {
      this.waiting[at] = { ...found, ms: found.ms - 1 };
      return undefined;
    }
    return at === -1 ? undefined : this.waiting.splice(at, 1)[0];
  }
}
