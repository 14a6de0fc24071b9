/**
 * `npm run bench:experiment -- [--runs N] [--worlds <part of a name>] [--json]`: experiments of 14 days on simulated users, looked at after every
 * minute. How many claim a difference where there is none, and how soon a difference of 2 points of 10 % is found. How
 * events cluster (φ) is estimated as the product does it: of the active slot's day before and its minutes so far, anew each
 * hour, with users who stay on their slot. No world says its own.
 */
import { parseArgs } from "node:util";
import { NEEDED_LOG, differenceOf, type Between } from "../../validation/core/experiment/interval.ts";
import { swapped, wagerOn, wageredMinutes } from "../../validation/core/experiment/wager.ts";
import { dispersionTracker } from "../../validation/core/comparison/clusters/dispersion.ts";
import type { Count, PairedMinute } from "../../validation/core/comparison/counts.ts";
import { randomOf } from "./decision/random.ts";
import { minuteOf, type ExperimentWorld } from "./experiment/worlds.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "18" },
    worlds: { type: "string", default: "" },
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
  const sides = [
    { claim: "better", next: wageredMinutes(), bet: wagerOn(0), seen: (minute: PairedMinute) => minute },
    { claim: "worse", next: wageredMinutes(), bet: wagerOn(0), seen: swapped },
  ] as const;
  const clusters = dispersionTracker({ zones: 1, historyMinutes: DAY, sticky: true });
  // Everybody is on the active slot before.
  for (let at = 0; at < DAY; at++)
    clusters.add([rarer(world, minuteOf({ ...world, part: 0 }, at, random).active)]);
  const minutes: PairedMinute[] = [];
  for (let at = 0; at < DAYS * DAY; at++) {
    const minute = minuteOf(world, at, random);
    minutes.push(minute);
    clusters.add([rarer(world, minute.active)]);
    const { phi } = clusters.current();
    for (const { claim, next, bet, seen } of sides) {
      const told = next(seen(minute));
      if (told === undefined) continue;
      bet.add(told);
      if (bet.hasWon(NEEDED_LOG, phi)) return { claim, minute: at + 1, minutes, phi };
    }
  }
  return { claim: undefined, minute: DAYS * DAY, minutes, phi: clusters.current().phi };
}

/** As validation/experiment/read.ts looks at it: where nearly all convert, at those who do not. */
const rarer = ({ rates: [active] }: ExperimentWorld, { exposure, events }: Count): Count => ({
  exposure,
  events: active > 0.5 ? exposure - events : events,
});

const quantile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))];

/** Of a true difference of 2 points, to a hundredth of a point. */
const isWrong = ({ low, high }: { readonly low: number; readonly high: number }) =>
  low > 0.0201 || high < 0.0199;

/** Those that are asked for, with the number that their chance comes from. */
const asked = (worlds: readonly ExperimentWorld[], first: number) =>
  worlds.flatMap((world, index) =>
    world.name.includes(flags.worlds) ? [{ world, index: first + index }] : [],
  );

const alike = asked(ALIKE, 0).map(({ world, index }) => {
  const ends: Between[] = [];
  const claims = Array.from({ length: RUNS }, (_, run) => {
    const { claim, minutes, phi } = claimOf(world, run, index);
    // What an experiment without a difference ends with; a thousand times two weeks of minutes are not kept.
    if (claim === undefined && ends.length < 20) ends.push(differenceOf(minutes, phi));
    return { claim, phi };
  });
  const wrong = claims.filter(({ claim }) => claim !== undefined).length;
  const largest = ends.map(({ low, high }) => 100 * Math.max(-low, high));
  const phi = quantile(
    claims.map((one) => one.phi),
    0.5,
  );
  console.error(`${world.name}: ${wrong} of ${RUNS} claim a difference, φ ${phi?.toFixed(2)}`);
  return {
    world: world.name,
    runs: RUNS,
    claims: wrong,
    medianPhi: phi,
    endsWithPoints: quantile(largest, 0.5),
  };
});

const better = asked(BETTER, 100).map(({ world, index }) => {
  const claims = Array.from({ length: RUNS }, (_, run) => claimOf(world, run, index));
  const found = claims.filter(({ claim }) => claim === "better");
  const days = claims.map(({ minute }) => minute / DAY);
  const within3 = found.filter(({ minute }) => minute <= 3 * DAY).length;
  const isSteady = !world.wave && !world.incidents;
  const missed = isSteady
    ? found.map(({ minutes, phi }) => differenceOf(minutes, phi)).filter(isWrong).length
    : undefined;
  console.error(`${world.name}: ${within3} of ${RUNS} found within 3 days`);
  return {
    world: world.name,
    runs: RUNS,
    within3Days: within3 / RUNS,
    calledWorse: claims.filter(({ claim }) => claim === "worse").length,
    medianPhi: quantile(
      claims.map(({ phi }) => phi),
      0.5,
    ),
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
