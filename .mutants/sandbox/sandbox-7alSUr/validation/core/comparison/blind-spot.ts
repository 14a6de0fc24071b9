import { observedPart, totalOf, type PairedMinute } from "./counts.ts";
import { harmProcess, type HarmProcess } from "./evidence/harm.ts";

export interface BlindSpotInput {
  /** Minutes of the evidence before the present step. */
  readonly before: readonly PairedMinute[];
  readonly tolerance: number;
  readonly dispersion: number;
  /** log of the e-value at which the metric alone rolls the candidate back. */
  readonly threshold: number;
}

/** The chance with which a fault of the smallest detectable failure rate's size would have been seen. */
const POWER = 0.8;
const HALVINGS = 24;
// So many parts show how a fault of the whole step would have added up; more of them change nothing visible.
const MOST_BLOCKS = 12;

/**
 * The error rate of the candidate that would have been rolled back by now with 80 % probability, from the requests
 * that there really were, the active slot's real events and φ: what the step cannot have overlooked. 0 to 1; 1 when
 * not even a candidate that fails every request would have been. Asked with the minutes of the present step: the fault
 * is supposed to be in all of these.
 */
export function blindSpotAfter(input: BlindSpotInput): (step: readonly PairedMinute[]) => number {
  const { before, tolerance, dispersion } = input;
  const past = harmProcess({ tolerance, dispersion });
  for (const minute of before) past.add(minute);
  return (step) => {
    const blocks = inBlocks(step.filter((minute) => observedPart(minute) !== undefined));
    const requests = totalOf(blocks).candidate.exposure;
    if (requests === 0) return 1;
    const needed = fewestEvents(past, input.threshold, blocks, requests);
    return needed === undefined ? 1 : Math.min(1, clusteredRate(needed, requests, dispersion));
  };
}

/** How many events on the candidate, spread evenly over its requests, reach the threshold; undefined: none do. */
function fewestEvents(
  past: HarmProcess,
  threshold: number,
  blocks: readonly PairedMinute[],
  requests: number,
): number | undefined {
  const isSeenAt = (events: number) => {
    const process = past.fork();
    for (const { candidate, active } of blocks) {
      const spread = (events * candidate.exposure) / requests;
      process.add({ candidate: { exposure: candidate.exposure, events: spread }, active });
    }
    return process.logE() >= threshold;
  };
  if (!isSeenAt(requests)) return undefined;
  let low = 0;
  let high = requests;
  for (let turn = 0; turn < HALVINGS && high - low > 0.5; turn++) {
    const middle = (low + high) / 2;
    if (isSeenAt(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The rate at which clusters of φ events bring `needed` events or more with the asked-for probability. */
function clusteredRate(needed: number, requests: number, dispersion: number): number {
  const clusters = Math.ceil(needed / dispersion - 1e-9);
  let low = 0;
  let high = 10 * clusters + 10;
  for (let turn = 0; turn < 40; turn++) {
    const mean = (low + high) / 2;
    if (atLeast(clusters, mean) >= POWER) high = mean;
    else low = mean;
  }
  return (high * dispersion) / requests;
}

/** P(Poisson(mean) >= count). */
function atLeast(count: number, mean: number): number {
  let log = -mean;
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += Math.exp(log);
    log += Math.log(mean / (k + 1));
  }
  return Math.max(0, 1 - below);
}

/** The minutes in at most so many blocks of neighbours, their counts added up. */
function inBlocks(minutes: readonly PairedMinute[]): readonly PairedMinute[] {
  const size = Math.max(1, Math.ceil(minutes.length / MOST_BLOCKS));
  const blocks: PairedMinute[] = [];
  for (let from = 0; from < minutes.length; from += size)
    blocks.push(totalOf(minutes.slice(from, from + size)));
  return blocks;
}
