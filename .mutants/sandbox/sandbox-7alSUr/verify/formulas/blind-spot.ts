import { harmAfter, HARM_START, type HarmState, type HarmTerms } from "./harm.ts";
import { partOf, sumsOf, type Minute, type Sums } from "./minute.ts";

const MOST_BLOCKS = 12;
const POWER = 0.8;

/**
 * docs/decision.md, "To compute it again": the failure rate of this step that would have been rolled back by now with a
 * probability of 80 %. `thresholdLog`: log of the evidence at which failed requests alone are enough.
 */
export function blindSpot(
  minutes: readonly Minute[],
  stepSinceMs: number,
  terms: HarmTerms,
  thresholdLog: number,
): number {
  const before = minutes
    .filter(({ atMs }) => atMs < stepSinceMs)
    .reduce((state, minute) => harmAfter(state, minute, terms), HARM_START);
  const step = minutes.filter((minute) => minute.atMs >= stepSinceMs && partOf(minute) !== undefined);
  const size = Math.max(1, Math.ceil(step.length / MOST_BLOCKS));
  const blocks = Array.from({ length: Math.ceil(step.length / size) }, (_, at) =>
    sumsOf(step.slice(at * size, (at + 1) * size)),
  );
  const { requests } = sumsOf(step).candidate;
  if (requests === 0) return 1;
  const events = fewestSeen(before, blocks, requests, terms, thresholdLog);
  return events === undefined ? 1 : Math.min(1, rateOf(events, requests, terms.phi));
}

/** The fewest events, spread evenly over the candidate's requests, that are enough; undefined: none are. */
function fewestSeen(
  before: HarmState,
  blocks: readonly Sums[],
  requests: number,
  terms: HarmTerms,
  thresholdLog: number,
): number | undefined {
  const isSeen = (events: number) => {
    let state = before;
    for (const { candidate, active } of blocks) {
      const spread = { requests: candidate.requests, events: (events * candidate.requests) / requests };
      state = harmAfter(state, { candidate: spread, active }, terms);
    }
    return state.logE >= thresholdLog;
  };
  if (!isSeen(requests)) return undefined;
  let [low, high] = [0, requests];
  for (let turn = 0; turn < 24 && high - low > 0.5; turn++) {
    const middle = (low + high) / 2;
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The rate at which a Poisson number of clusters of φ events reaches so many events with a probability of 80 %. */
function rateOf(events: number, requests: number, phi: number): number {
  const clusters = Math.ceil(events / phi - 1e-9);
  let [low, high] = [0, 10 * clusters + 10];
  for (let turn = 0; turn < 40; turn++) {
    const mean = (low + high) / 2;
    if (atLeast(clusters, mean) >= POWER) high = mean;
    else low = mean;
  }
  return (high * phi) / requests;
}

/** P(a Poisson number with this mean is `count` or more). */
function atLeast(count: number, mean: number): number {
  let [log, below] = [-mean, 0];
  for (let k = 0; k < count; k++) {
    below += Math.exp(log);
    log += Math.log(mean) - Math.log(k + 1);
  }
  return Math.max(0, 1 - below);
}
