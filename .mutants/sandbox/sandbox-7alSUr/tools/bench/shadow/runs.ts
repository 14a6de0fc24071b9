import { harmProcess } from "../../../validation/core/comparison/evidence/harm.ts";
import { shadowEvidence } from "../../../validation/core/signals/shadow.ts";
import { randomOf, type Random } from "../decision/random.ts";
import type { PairWorld, SimulatedPair } from "./worlds.ts";

export const ALPHA = 0.01;
const ENOUGH_LOG = Math.log(1 / ALPHA);

export interface RunSettings {
  readonly world: PairWorld;
  /** Probabilities, 0 to 1. */
  readonly own: number;
  readonly excess: number;
  readonly allowed: number;
  readonly clusterSize: number;
  readonly pairs: number;
}

/** After how many pairs the judge says that the candidate differs, looking at each; undefined: not in so many. */
export function pairsUntilSeen(settings: RunSettings, seed: readonly number[]): number | undefined {
  const { world, own, excess, allowed, clusterSize, pairs } = settings;
  const next = world.pairs(randomOf(17, ...seed), own, excess);
  const evidence = shadowEvidence({ allowedDisagreement: allowed, clusterSize });
  let waiting = 0;
  for (let at = 1; at <= pairs; at += 1) {
    const { candidateDiffers, againDiffers } = next();
    if (candidateDiffers === againDiffers) {
      waiting += 1;
      continue;
    }
    // Evidence rises by such a pair alone, so to look at these is to look at each.
    evidence.add({
      both: 0,
      neither: waiting,
      onlyCandidate: candidateDiffers ? 1 : 0,
      onlyAgain: againDiffers ? 1 : 0,
    });
    waiting = 0;
    if (candidateDiffers && evidence.logE() >= ENOUGH_LOG) return at;
  }
  return undefined;
}

/** The same of pairs that come in clusters: one user's request, so many times, always answered as the first time. */
export const clustered = (world: PairWorld, size: number): PairWorld => ({
  name: `${world.name}, ${size} times each`,
  about: `${world.about}; each pair comes ${size} times`,
  pairs(random: Random, own, excess) {
    const next = world.pairs(random, own, excess);
    let [left, pair]: [number, SimulatedPair] = [0, { candidateDiffers: false, againDiffers: false }];
    return () => {
      if (left === 0) [left, pair] = [size, next()];
      left -= 1;
      return pair;
    };
  },
});

/** Every so many pairs the counts are looked at. */
const LOOK = 100;

/**
 * The cheaper design: of the shadowed requests only a part is asked of the active model again, and two rates are compared
 * as the product compares failures of two slots.
 */
export function isSeenBySample(settings: RunSettings, part: number, seed: readonly number[]): boolean {
  const { world, own, excess, pairs } = settings;
  const next = world.pairs(randomOf(17, ...seed), own, excess);
  const random = randomOf(23, ...seed);
  const process = harmProcess({ tolerance: 1, dispersion: 1 });
  for (let at = 0; at < pairs; at += LOOK) {
    let [events, againEvents, asked] = [0, 0, 0];
    for (let pair = 0; pair < LOOK; pair += 1) {
      const { candidateDiffers, againDiffers } = next();
      if (candidateDiffers) events += 1;
      if (random() >= part) continue;
      asked += 1;
      if (againDiffers) againEvents += 1;
    }
    process.add({
      candidate: { events, exposure: LOOK },
      active: { events: againEvents, exposure: asked },
    });
    if (process.logE() >= ENOUGH_LOG) return true;
  }
  return false;
}
