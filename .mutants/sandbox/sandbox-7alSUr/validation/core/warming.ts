/**
 * How a candidate without users is warmed: stretches of requests, each with more of them open at once than the former
 * one, until the latency of the last ones is the same. Who sends them: validation/rollout/warming.ts.
 */
export interface Stretch {
  /** So many requests are open at once. */
  readonly open: number;
  readonly requests: number;
  /** Whether no later one has more open. */
  readonly isFull: boolean;
}

/** Open requests a task in the end: a server with two workers a task warms both, one with one worker queues one. */
const OPEN_PER_TASK = 2;
/** More than that at once are a load test, and one machine sends them. */
const MOST_OPEN = 64;
/** Requests of a full stretch a task: enough for a median, and each task gets some, however they are spread. */
const REQUESTS_PER_TASK = 10;
/** A candidate that cannot be reached is found out by the first of these, so they are few. */
const ROUNDS_WHILE_RISING = 5;
/** A model that is not steady after so many requests a task is not made so by more. */
export const MOST_PER_TASK = 1000;

/** The nth stretch (from 0) for so many tasks. */
export function stretchAt(index: number, tasks: number): Stretch {
  const full = Math.min(MOST_OPEN, OPEN_PER_TASK * tasks);
  const open = Math.min(full, 2 ** index);
  const isFull = open === full;
  return { open, requests: isFull ? REQUESTS_PER_TASK * tasks : ROUNDS_WHILE_RISING * open, isFull };
}

/** So many stretches at the full rate must agree. */
const AGREEING = 3;
const STEADY_RATIO = 1.2;
/** Of a network, and of a machine that does something else beside; in milliseconds. */
const NOISE_MS = 5;

/** Whether the latency neither falls nor rises any more. `medians`: of the stretches at the full rate, oldest first. */
export function isSteady(mediansMs: readonly number[]): boolean {
  const last = mediansMs.slice(-AGREEING);
  return last.length === AGREEING && Math.max(...last) <= STEADY_RATIO * Math.min(...last) + NOISE_MS;
}

/** The value in the middle, the upper one of two; undefined: there is none. */
export function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
