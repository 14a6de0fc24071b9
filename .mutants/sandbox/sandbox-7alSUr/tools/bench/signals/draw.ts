import type { Random } from "../decision/random.ts";
import { poissonSampler } from "../decision/samplers.ts";

/** To four digits, so that one table serves all minutes with about the same mean. */
export const poissonOf = (random: Random, mean: number): number =>
  mean <= 0 ? 0 : samplerAt(Number(mean.toPrecision(4)))(random);

const samplerAt = poissonSampler;

/** Minutes, at least 0. */
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());
