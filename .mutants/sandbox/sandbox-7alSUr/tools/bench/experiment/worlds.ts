import { binomial, cached, poissonSampler, samplerOf } from "../decision/samplers.ts";
import type { Random } from "../decision/random.ts";
import type { PairedMinute } from "../../../validation/core/comparison/counts.ts";

/** Users of a simulated experiment, made of what a load balancer and people do, and of nothing that the statistics assume. */
export interface ExperimentWorld {
  readonly name: string;
  readonly usersADay: number;
  /** Rate of the active slot, and of the candidate. */
  readonly rates: readonly [active: number, candidate: number];
  /** The candidate's part of the users. */
  readonly part: number;
  /** Whether the rate itself goes up and down by half with the time of day. */
  readonly wave: boolean;
  /** Whether ten minutes a day bring nearly nobody to convert, on both slots. */
  readonly incidents: boolean;
  /** Requests that each user sends in a minute, all with one fate; 1: a user is counted once. */
  readonly cluster: number;
}

const MINUTES_A_DAY = 1440;
const trials = cached((permille: number) =>
  cached((number: number) => samplerOf(binomial(number, permille / 1e5))),
);
/** Binomial at rates of whole hundred-thousandths, so that tables are shared. */
const happen = (number: number, rate: number, random: Random) =>
  trials(Math.round(Math.min(1, rate) * 1e5))(number)(random);

/** The minute's place in its day: visits have their peak in the evening, one and a half times the mean. */
const daily = (minute: number) =>
  1 + 0.5 * Math.sin((2 * Math.PI * (minute % MINUTES_A_DAY)) / MINUTES_A_DAY);

export function minuteOf(world: ExperimentWorld, minute: number, random: Random): PairedMinute {
  // Whole tenths: one table for each.
  const mean = Math.round((world.usersADay / MINUTES_A_DAY) * daily(minute) * 10) / 10;
  const isIncident = world.incidents && minute % MINUTES_A_DAY >= 600 && minute % MINUTES_A_DAY < 610;
  const factor = (isIncident ? 0.1 : 1) * (world.wave ? Math.round(daily(minute + 300) * 50) / 50 : 1);
  const users = poissonSampler(mean)(random);
  const onCandidate = happen(users, world.part, random);
  const [active, candidate] = world.rates;
  const count = (number: number, rate: number) => ({
    exposure: number * world.cluster,
    events: happen(number, rate * factor, random) * world.cluster,
  });
  return { active: count(users - onCandidate, active), candidate: count(onCandidate, candidate) };
}
