import { localClock } from "../../../validation/adapters/clock.ts";
import { until, type Verdict, type World } from "./world.ts";

const MINUTE_MS = 60_000;
/** As shipped: with these keys of `rollout` a release is measured as users have it. */
export const METRIC_LAG_SECONDS = 120;
export const FIRST_SHARE = {
  steps: [10, 25, 50, 100],
  bakeMinutes: 10,
  minRequests: 100,
  maxBlindSpots: [0.2],
  metricLagSeconds: METRIC_LAG_SECONDS,
} as const;
/** A rollout on the local cloud looks this often, in seconds of its clock: validation/rollout/poll.ts. */
const LOOK_SECONDS = 5;

export interface FirstShare {
  readonly release: Verdict;
  /** What the candidate had after its first share, in percent. */
  readonly next: number;
  /** Seconds of the cloud's clock from the candidate's first users to that. */
  readonly seconds: number;
  /** Whole minutes since the first share that had counted by then, in the check of the last one. */
  readonly minutes: number;
}

/** A release without tests, to its end, and what became of the first share of FIRST_SHARE. */
export async function firstShare(world: World): Promise<FirstShare> {
  const clock = await localClock(world.endpoint.url);
  const verb = world.start("rollout", "--skip-tests", "--json");
  const green = async () => (await world.see.live()).green;
  const [first] = FIRST_SHARE.steps;
  await until(async () => (await green()) > 0 || !verb.isAlive());
  const liveMs = clock.now();
  await until(async () => (await green()) !== first || !verb.isAlive());
  const next = await green();
  const endMs = clock.now();
  return {
    release: world.verdictOf(await verb.ended),
    next,
    seconds: Math.round((endMs - liveMs) / 1000),
    minutes: countedMinutes(liveMs, endMs),
  };
}

/**
 * How many whole minutes of the share had counted at a check that ended then. A minute counts so long after its end, in
 * the next check: what is decided before that check was decided without it.
 */
function countedMinutes(liveMs: number, endMs: number): number {
  const firstWholeMs = Math.ceil(liveMs / MINUTE_MS) * MINUTE_MS;
  const lastEndMs = endMs - (METRIC_LAG_SECONDS + LOOK_SECONDS) * 1000;
  return Math.max(0, Math.ceil((lastEndMs - firstWholeMs) / MINUTE_MS));
}
