/**
 * `npm run bench:experiment -- [--runs N] [--json]`: experiments of 14 days on simulated users, looked at after every
 * minute. How many claim a difference where there is none, and how soon a difference of 2 points of 10 % is found.
 */
import { parseArgs } from "node:util";
import { NEEDED_LOG, differenceOf } from "../../validation/core/experiment/interval.ts";
import { swapped, wagerOn, wageredMinutes } from "../../validation/core/experiment/wager.ts";
import type { PairedMinute } from "../../validation/core/comparison/counts.ts";
import { randomOf } from "./decision/random.ts";
import { minuteOf, type ExperimentWorld } from "./experiment/worlds.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "18" },
  },
});
const RUNS = Number(flags.runs);
const SEED = Number(flags.seed);
const DAYS = 14;
const DAY = 1440;

const plain = { usersADay: 20_000, part: 0.5, wave: true, incidents: true, cluster: 1 } as const;
const ALIKE: readonly ExperimentWorld[] = [
  { ...plain, name: "10 %", rates: [0.1, 0.1] },
  { ...plain, name: "1 %", rates: [0.01, 0.01] },
  { ...plain, name: "60 %, no incidents", rates: [0.6, 0.6], wave: false, incidents: false },
  { ...plain, name: "10 %, a tenth of the users", rates: [0.1, 0.1], part: 0.1 },
  { ...plain, name: "10 %, 5 requests a user", rates: [0.1, 0.1], cluster: 5 },
];
const BETTER: readonly ExperimentWorld[] = [
  { ...plain, name: "10 % and 12 %", rates: [0.1, 0.12], wave: false, incidents: false },
  { ...plain, name: "10 % and 12 %, by the hour, with incidents", rates: [0.1, 0.12] },
];

/** The minute in which one side first claims a difference; undefined: neither does. */
function claimOf(world: ExperimentWorld, run: number, index: number) {
  const random = randomOf(SEED, index, run);
  const phi = world.cluster;
  const sides = [
    { claim: "better", next: wageredMinutes(), bet: wagerOn(0, phi), seen: (minute: PairedMinute) => minute },
    { claim: "worse", next: wageredMinutes(), bet: wagerOn(0, phi), seen: swapped },
  ] as const;
  const minutes: PairedMinute[] = [];
  for (let at = 0; at < DAYS * DAY; at++) {
    const minute = minuteOf(world, at, random);
    minutes.push(minute);
    for (const { claim, next, bet, seen } of sides) {
      const told = next(seen(minute));
      if (told === undefined) continue;
      bet.add(told);
      if (bet.hasWon(NEEDED_LOG)) return { claim, minute: at + 1, minutes };
    }
  }
  return { claim: undefined, minute: DAYS * DAY, minutes };
}

const quantile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))];

/** Of a true difference of 2 points, to a hundredth of a point. */
const isWrong = ({ low, high }: { readonly low: number; readonly high: number }) =>
  low > 0.0201 || high < 0.0199;

const alike = ALIKE.map((world, index) => {
  const claims = Array.from({ length: RUNS }, (_, run) => claimOf(world, run, index));
  const wrong = claims.filter(({ claim }) => claim !== undefined).length;
  // What an experiment without a difference ends with.
  const ends = claims
    .filter(({ claim }) => claim === undefined)
    .slice(0, 20)
    .map(({ minutes }) => differenceOf(minutes, world.cluster));
  const largest = ends.map(({ low, high }) => 100 * Math.max(-low, high));
  console.error(`${world.name}: ${wrong} of ${RUNS} claim a difference`);
  return { world: world.name, runs: RUNS, claims: wrong, endsWithPoints: quantile(largest, 0.5) };
});

const better = BETTER.map((world, index) => {
  const claims = Array.from({ length: RUNS }, (_, run) => claimOf(world, run, 100 + index));
  const found = claims.filter(({ claim }) => claim === "better");
  const days = claims.map(({ minute }) => minute / DAY);
  const within3 = found.filter(({ minute }) => minute <= 3 * DAY).length;
  const isSteady = !world.wave && !world.incidents;
  const missed = isSteady
    ? found.map(({ minutes }) => differenceOf(minutes)).filter(isWrong).length
    : undefined;
  console.error(`${world.name}: ${within3} of ${RUNS} found within 3 days`);
  return {
    world: world.name,
    runs: RUNS,
    within3Days: within3 / RUNS,
    calledWorse: claims.filter(({ claim }) => claim === "worse").length,
    medianDays: quantile(days, 0.5),
    p95Days: quantile(days, 0.95),
    intervalsWithoutTheTruth: missed,
  };
});

const result = { alike, better };
if (flags.json) console.log(JSON.stringify(result));
else {
  for (const one of alike)
    console.log(
      `no difference, ${one.world}: ${one.claims} of ${one.runs} claim one; after ${DAYS} days none larger than ${one.endsWithPoints?.toFixed(2)} points`,
    );
  for (const one of better)
    console.log(
      `${one.world}: ${(100 * one.within3Days).toFixed(1)} % found in 3 days, median ${one.medianDays?.toFixed(2)}, 95 % in ${one.p95Days?.toFixed(2)} days`,
    );
}
