import { totalOf, type PairedMinute } from "./counts.ts";
import { multinomialLogE } from "./evidence/multinomial.ts";

export interface SampleRatio {
  /** The candidate's observed part of the requests, 0 to 1. */
  readonly observed: number;
  readonly configured: number;
  /** Whether the split is another than the configured one, beyond chance and by more than it may. */
  readonly bent: boolean;
}

const ALPHA = 0.001;
const PRIOR = 100;
/** The load balancer rounds, and the first minutes after a change belong to both splits: so much is no matter. */
const LEAST = 0.8;
const MOST = 1.25;
/** After a change of the weights. */
const SKIPPED_MINUTES = 2;

/**
 * Whether requests come in the configured shares; undefined before there is anything to say. The counts are divided by
 * how much more than binomial they vary from minute to minute: keep-alive connections move requests in bunches.
 */
export function sampleRatio(step: readonly PairedMinute[], configured: number): SampleRatio | undefined {
  // Leaving out minutes in which nobody came to the candidate would make its share greater than it is.
  const minutes = step.slice(SKIPPED_MINUTES).filter((minute) => requestsOf(minute) > 0);
  const { candidate, active } = totalOf(minutes);
  const all = candidate.exposure + active.exposure;
  if (minutes.length < 2 || configured <= 0 || configured >= 1) return undefined;
  if (candidate.exposure === 0 || active.exposure === 0) return undefined;
  const observed = candidate.exposure / all;
  const spread = dispersionOfSplit(minutes, observed);
  const counts = [candidate.exposure / spread, active.exposure / spread];
  const isOdd = multinomialLogE(counts, [configured, 1 - configured], PRIOR) >= Math.log(1 / ALPHA);
  const factor = observed / configured;
  return { observed, configured, bent: isOdd && (factor < LEAST || factor > MOST) };
}

const requestsOf = ({ candidate, active }: PairedMinute) => candidate.exposure + active.exposure;

/** Chi-square / df of the minutes' splits around the observed one, at least 1. */
function dispersionOfSplit(minutes: readonly PairedMinute[], observed: number): number {
  const chiSquare = minutes.reduce((sum, { candidate, active }) => {
    const requests = requestsOf({ candidate, active });
    return sum + (candidate.exposure - requests * observed) ** 2 / (requests * observed * (1 - observed));
  }, 0);
  return Math.max(1, chiSquare / (minutes.length - 1));
}
