import { perSlot, type Slot } from "../../../contract/slot.ts";
import type { Draw } from "../engine/dice.ts";

const MINUTE_MS = 60_000;
const LOOKS = 6;

/** What one slot did in one minute, as it really was. */
export interface SlotMinute {
  readonly requests: number;
  readonly errors: number;
  /** Answers that the stack's own signal counts; an answer is wrong or right, whatever its status. */
  readonly wrong: number;
}

interface Users {
  readonly perMinute: number;
  /** Percent of the users on a slot at a moment, as the load balancer has them. */
  readonly shareAt: (slot: Slot, atMs: number) => number;
  /** Of its requests a slot fails so many, 0 to 1. */
  readonly failureRateAt: (slot: Slot, atMs: number) => number;
  /** Of its answers so many are wrong, 0 to 1. */
  readonly wrongRateOf: (slot: Slot) => number;
  readonly draw: Draw;
}

/** Requests of users, who know nothing of slots: chance alone sends each to one of them, by the weights. */
export class Traffic {
  private readonly users: Users;
  private readonly known = perSlot(() => new Map<number, SlotMinute>());

  constructor(users: Users) {
    this.users = users;
  }

  /** Of a minute that is over. */
  minute(slot: Slot, atMs: number): SlotMinute {
    const known = this.known[slot].get(atMs);
    if (known !== undefined) return known;
    const counted = this.count(slot, atMs);
    this.known[slot].set(atMs, counted);
    return counted;
  }

  private count(slot: Slot, atMs: number): SlotMinute {
    const { perMinute, shareAt, failureRateAt, wrongRateOf, draw } = this.users;
    const moments = Array.from({ length: LOOKS }, (_, at) => atMs + ((at + 0.5) * MINUTE_MS) / LOOKS);
    const parts = moments.map((moment) => ({
      mean: ((perMinute / LOOKS) * shareAt(slot, moment)) / 100,
      rate: failureRateAt(slot, moment),
    }));
    const mean = parts.reduce((sum, part) => sum + part.mean, 0);
    const failing = parts.reduce((sum, part) => sum + part.mean * part.rate, 0);
    const errors = poisson(failing, draw("errors", slot, atMs), draw("errors too", slot, atMs));
    const good = poisson(mean - failing, draw("good", slot, atMs), draw("good too", slot, atMs));
    const requests = errors + good;
    const meanly = requests * wrongRateOf(slot);
    const wrong = poisson(meanly, draw("wrong", slot, atMs), draw("wrong too", slot, atMs));
    return { requests, errors, wrong: Math.min(wrong, requests) };
  }
}

/** Inversion for few, the normal law for many. */
function poisson(mean: number, first: number, second: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let count = 0;
  let term = Math.exp(-mean);
  for (let left = first - term; left > 0 && count < 1_000; left -= term) {
    count += 1;
    term *= mean / count;
  }
  return count;
}
