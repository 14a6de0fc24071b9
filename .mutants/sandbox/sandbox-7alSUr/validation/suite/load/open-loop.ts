import type { Machine } from "../machine.ts";

export interface Arrivals {
  readonly count: number;
  readonly gapMs: number;
  /** None is sent after this. */
  readonly untilMs: number;
}

/**
 * Sends at even moments, whether or not what was sent before has been answered: a server that falls behind is asked no
 * less for that, as by users who do not know of each other.
 */
export async function openLoop<T>(
  { wall, wait }: Machine,
  { count, gapMs, untilMs }: Arrivals,
  send: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const startMs = wall();
  const sent: Promise<T>[] = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = startMs + index * gapMs - wall();
    if (waitMs > 0) await wait(waitMs);
    if (wall() >= untilMs) break;
    sent.push(send(index));
  }
  return Promise.all(sent);
}
