/**
 * `npm run bench:capacity -- --json`: task-hours that a release adds from its first user until everyone is on the
 * candidate, where its tasks follow its share and where it has as many as serve everyone. The flows are the product's
 * own, on a stack in memory and a manual clock: 20 tasks serve everyone, default policy, a look a minute, and a task that
 * takes one, two or five minutes from its start until it is healthy. `ofDoubling` is everything, the tasks that start for
 * the next share, and the longer release, among it; `ofDoublingWatched` leaves out the minutes in which they start.
 */
import { parseArgs } from "node:util";
import { DIGEST } from "../../test/validation/support/samples.ts";
import { Fleet } from "../../test/validation/support/fleet.ts";
import { deploy } from "../../validation/deploy/deploy.ts";
import { rollout } from "../../validation/rollout/rollout.ts";

const HOUR_MS = 3_600_000;
const POLL_MS = 60_000;
const START_MINUTES = [1, 2, 5] as const;
const REQUESTS_PER_MINUTE = [600, 12_000] as const;
/** Tasks of the active slot: see Fleet. */
const EVERYONE = 20;
const FAILURE_RATE = 0.005;
const V2 = { image: DIGEST("b"), modelVersion: "2", minTasks: undefined, maxTasks: undefined, overrides: {} };

interface Run {
  readonly capacity: "full" | "share";
  readonly startMinutes: number;
  readonly requestsPerMinute: number;
  /** From the first share to the last, in minutes, and for how long each share below 100 was the candidate's. */
  readonly minutes: number;
  readonly minutesOfShares: readonly number[];
  readonly addedTaskHours: number;
  /** The same without the time from when tasks are asked for the next share until it has its users, and that time's minutes. */
  readonly watched: { readonly taskHours: number; readonly minutes: number };
  /** Of the candidate just before each share. */
  readonly healthyBefore: readonly string[];
}

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const runs: Run[] = [];
for (const requestsPerMinute of REQUESTS_PER_MINUTE)
  for (const startMinutes of START_MINUTES)
    for (const capacity of ["full", "share"] as const)
      runs.push(await release(capacity, startMinutes, requestsPerMinute));
const cells = runs
  .filter(({ capacity }) => capacity === "share")
  .map((share) => {
    const full = runs.find(
      (one) =>
        one.capacity === "full" &&
        one.startMinutes === share.startMinutes &&
        one.requestsPerMinute === share.requestsPerMinute,
    );
    if (full === undefined) throw new Error("a release of full capacity is missing");
    const { startMinutes, requestsPerMinute } = share;
    const doubled = (EVERYONE * share.watched.minutes) / 60;
    return {
      startMinutes,
      requestsPerMinute,
      ofDoubling: share.addedTaskHours / full.addedTaskHours,
      ofDoublingWatched: share.watched.taskHours / doubled,
    };
  });
if (flags.json) console.log(JSON.stringify({ cells, runs }));
else {
  for (const { startMinutes, requestsPerMinute, ofDoubling, ofDoublingWatched } of cells)
    console.log(
      `${requestsPerMinute} requests a minute, a task starts in ${startMinutes} min: ${(100 * ofDoubling).toFixed(1)} % of doubling, ${(100 * ofDoublingWatched).toFixed(1)} % without the minutes in which tasks start`,
    );
  for (const { capacity, startMinutes, requestsPerMinute, minutesOfShares, addedTaskHours } of runs)
    console.log(
      `  ${capacity} ${requestsPerMinute}/min ${startMinutes} min: ${addedTaskHours.toFixed(2)} task-hours, shares for ${minutesOfShares.map((one) => one.toFixed(1)).join(", ")} min`,
    );
}

async function release(
  capacity: Run["capacity"],
  startMinutes: number,
  requestsPerMinute: number,
): Promise<Run> {
  const fleet = new Fleet({ capacity }, startMinutes * 60_000, {});
  fleet.requestsPerMinute = requestsPerMinute;
  fleet.failureRate = { blue: FAILURE_RATE, green: FAILURE_RATE };
  await deploy(fleet.context(), V2);
  const { result } = await rollout(fleet.context(), { pollMs: POLL_MS, skipTests: true });
  if (result !== "promoted") throw new Error(`${capacity}: the release ${result}`);
  const times = fleet.shares.map(({ atMs }) => atMs);
  const [firstMs, lastMs] = [times[0], times.at(-1)];
  if (firstMs === undefined || lastMs === undefined) throw new Error("the release had no share");
  return {
    capacity,
    startMinutes,
    requestsPerMinute,
    minutes: (lastMs - firstMs) / 60_000,
    minutesOfShares: times.slice(1).map((atMs, index) => (atMs - (times[index] ?? atMs)) / 60_000),
    addedTaskHours: taskHours(fleet, firstMs, lastMs),
    watched: watched(fleet, times),
    healthyBefore: fleet.healthyAt,
  };
}

/** Each share from when it is live until tasks are asked for the next one, or that has its users. */
function watched(fleet: Fleet, times: readonly number[]): Run["watched"] {
  const stretches = times.slice(1).map((nextMs, index) => {
    const sinceMs = times[index] ?? nextMs;
    const asked = fleet.tasks.find(({ slot, atMs }) => slot === "green" && atMs > sinceMs && atMs < nextMs);
    const untilMs = asked?.atMs ?? nextMs;
    return { taskHours: taskHours(fleet, sinceMs, untilMs), minutes: (untilMs - sinceMs) / 60_000 };
  });
  const sum = (of: (one: Run["watched"]) => number) => stretches.reduce((all, one) => all + of(one), 0);
  return { taskHours: sum((one) => one.taskHours), minutes: sum((one) => one.minutes) };
}

/** Of both slots, beyond the 20 that serve everyone. */
function taskHours(fleet: Fleet, fromMs: number, toMs: number): number {
  const ofSlot = (slot: "blue" | "green") => {
    const changes = fleet.tasks.filter((one) => one.slot === slot);
    return changes.reduce((sum, { atMs, tasks }, index) => {
      const untilMs = Math.min(toMs, changes[index + 1]?.atMs ?? toMs);
      return sum + (tasks * Math.max(0, untilMs - Math.max(fromMs, atMs))) / HOUR_MS;
    }, 0);
  };
  return ofSlot("blue") + ofSlot("green") - (EVERYONE * (toMs - fromMs)) / HOUR_MS;
}
