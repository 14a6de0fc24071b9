import { SESSION_REQUESTS, type Cell, type Clusters } from "./cell.ts";
import type { Random } from "./random.ts";
import {
  binomial,
  cached,
  lognormalSize,
  meanOf,
  poissonSampler,
  samplerOf,
  type Sampler,
} from "./samplers.ts";

/** What a slot, or its part in one zone, did in one minute. Written anew in each. */
export interface Counts {
  requests: number;
  failed: number;
  /** Answers that were slower than the active slot's 0.9 quantile allows. */
  slow90: number;
  slow99: number;
}

export const noCounts = (): Counts => ({ requests: 0, failed: 0, slow90: 0, slow99: 0 });

export const SLOW_90 = 0.1;
export const SLOW_99 = 0.01;

/** How a minute is: requests expected, the part of them that fails, what the slow ones are multiplied with. */
export interface Weather {
  requests: number;
  failing: number;
  slow: number;
}

/** Draws one minute after the other. */
export type Arm = (random: Random, weather: Weather, into: Counts) => void;

export function armOf(cell: Cell): Arm {
  const { clusters, pause } = cell;
  return clusters.kind === "sessions" ? sessionArm(clusters) : independentArm(clusters, pause);
}

/** Requests are independent, or their failures come in clusters within the minute. */
function independentArm(clusters: Exclude<Clusters, { kind: "sessions" }>, pause: number): Arm {
  const size = sizeOf(clusters);
  let last: Weather = { requests: Number.NaN, failing: 0, slow: 0 };
  let failures: Sampler = () => 0;
  let slowest: Sampler = () => 0;
  let slower: Sampler = () => 0;
  let others: Sampler = () => 0;
  return (random, weather, into) => {
    if (
      weather.requests !== last.requests ||
      weather.failing !== last.failing ||
      weather.slow !== last.slow
    ) {
      last = { ...weather };
      const answered = weather.requests * (1 - weather.failing);
      const slow90 = Math.min(1, SLOW_90 * weather.slow);
      const slow99 = Math.min(slow90, SLOW_99 * weather.slow);
      failures = poissonSampler((weather.requests * weather.failing) / size.mean);
      slowest = poissonSampler((answered * slow99) / pause);
      slower = poissonSampler(answered * (slow90 - slow99));
      others = poissonSampler(answered * (1 - slow90));
    }
    into.failed = size.sum(random, failures(random));
    into.slow99 = pause * slowest(random);
    into.slow90 = into.slow99 + slower(random);
    into.requests = into.failed + into.slow90 + others(random);
  };
}

interface ClusterSize {
  readonly mean: number;
  sum(random: Random, clusters: number): number;
}

function sizeOf(clusters: Exclude<Clusters, { kind: "sessions" }>): ClusterSize {
  switch (clusters.kind) {
    case "none":
      return { mean: 1, sum: (_, count) => count };
    case "fixed":
      return { mean: clusters.size, sum: (_, count) => count * clusters.size };
    case "lognormal": {
      const sizes = lognormalSize(clusters.median, clusters.sigma);
      const draw = samplerOf(sizes);
      return {
        mean: meanOf(sizes),
        sum(random, count) {
          let sum = 0;
          for (let one = 0; one < count; one++) sum += draw(random);
          return sum;
        },
      };
    }
  }
}

const brokenFailures = cached((fails) => cached((requests) => samplerOf(binomial(requests, fails))));
const slow90Of = cached((answers) => samplerOf(binomial(answers, SLOW_90)));
const slow99Of = cached((slow) => samplerOf(binomial(slow, SLOW_99 / SLOW_90)));

/** Sessions begin independently; each asks every so many minutes until it has asked all its requests. */
function sessionArm({ minutes, fails }: Extract<Clusters, { kind: "sessions" }>): Arm {
  const failures = brokenFailures(fails);
  const every = Math.max(1, minutes / SESSION_REQUESTS);
  const turns = Math.ceil(minutes / every);
  const requestsEach = SESSION_REQUESTS / turns;
  const started: Record<"sound" | "broken", Int32Array> = {
    sound: new Int32Array(turns * every),
    broken: new Int32Array(turns * every),
  };
  let minute = 0;
  const begin = (random: Random, { requests, failing }: Weather) => {
    const sessions = requests / SESSION_REQUESTS;
    const broken = Math.min(1, failing / fails);
    const slot = minute % (turns * every);
    started.sound[slot] = poissonSampler(sessions * (1 - broken))(random);
    started.broken[slot] = poissonSampler(sessions * broken)(random);
    minute += 1;
  };
  const asking = (ring: Int32Array) => {
    let sum = 0;
    for (let turn = 0; turn < turns; turn++) {
      sum += ring[(minute - 1 + turns * every - turn * every) % (turns * every)] ?? 0;
    }
    return sum * requestsEach;
  };
  return (random, weather, into) => {
    // Sessions that began before the first minute.
    const missing = Math.max(0, turns * every - minute);
    for (let earlier = 0; earlier < missing; earlier++) begin(random, weather);
    begin(random, weather);
    const broken = asking(started.broken);
    into.requests = broken + asking(started.sound);
    into.failed = failures(broken)(random);
    into.slow90 = slow90Of(into.requests - into.failed)(random);
    into.slow99 = slow99Of(into.slow90)(random);
  };
}
