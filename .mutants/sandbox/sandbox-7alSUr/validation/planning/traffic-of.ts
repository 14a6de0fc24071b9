import type { Traffic } from "../core/planning/traffic.ts";
import type { Day } from "./read-history.ts";

/** What a release is planned from, of the last day or assumed. */
export interface PlannedTraffic extends Traffic {
  readonly assumed: boolean;
  /** Requests a minute; undefined: there was no whole hour, or it is assumed. */
  readonly quietestHour: number | undefined;
}

export interface Assumed {
  /** Requests a minute. */
  readonly traffic: number | undefined;
  /** 0 to 1. */
  readonly errorRate: number | undefined;
}

/** `requestsPerMinute` is 0 where nobody came. `synthetic`: requests a minute that a rollout adds itself. */
export function trafficOf({ minutes, metrics }: Day, assumed: Assumed, synthetic = 0): PlannedTraffic {
  const failed = metrics.find(({ kind }) => kind === "failed");
  if (failed === undefined) throw new Error("the failed requests are always compared");
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = minutes.map(({ requests }) => requests);
  const onActive = sum(minutes.map(({ activeRequests }) => activeRequests));
  const measured = minutes.length === 0 ? 0 : sum(all) / minutes.length;
  const hours = Array.from(
    { length: Math.floor(all.length / 60) },
    (_, hour) => sum(all.slice(hour * 60, hour * 60 + 60)) / 60,
  );
  const pastRate = onActive === 0 ? 0 : sum(minutes.map((minute) => minute.failed)) / onActive;
  return {
    requestsPerMinute: (assumed.traffic ?? measured) + synthetic,
    errorRate: assumed.errorRate ?? pastRate,
    dispersion: failed.dispersion,
    assumed: assumed.traffic !== undefined || assumed.errorRate !== undefined,
    quietestHour: assumed.traffic === undefined && hours.length > 0 ? Math.min(...hours) : undefined,
  };
}
