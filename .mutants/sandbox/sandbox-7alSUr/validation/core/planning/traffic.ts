import type { ComparedMetric, TimedMinute } from "../comparison/compare.ts";
import type { Dispersion } from "../comparison/clusters/dispersion.ts";

/** What a stack has to do, as far as a plan needs it. */
export interface Traffic {
  /** Of all users, on average. */
  readonly requestsPerMinute: number;
  /** Failed requests per request of the active slot, 0 to 1. */
  readonly errorRate: number;
  /** How its failures cluster. */
  readonly dispersion: Dispersion;
}

const MINUTE_MS = 60_000;

/** Minutes of this traffic in which the candidate has a share and is as good as the active slot. */
export function typicalMinutes(
  { requestsPerMinute, errorRate }: Traffic,
  share: number,
  from: number,
  count: number,
): readonly TimedMinute[] {
  const candidate = (requestsPerMinute * share) / 100;
  const active = requestsPerMinute - candidate;
  const arm = (exposure: number) => ({ exposure, events: exposure * errorRate });
  return Array.from({ length: count }, (_, index) => ({
    atMs: (from + index) * MINUTE_MS,
    candidate: arm(candidate),
    active: arm(active),
  }));
}

export const failedOf = ({ dispersion }: Traffic, minutes: readonly TimedMinute[]): ComparedMetric => ({
  name: "failed",
  kind: "failed",
  minutes,
  dispersion,
});
