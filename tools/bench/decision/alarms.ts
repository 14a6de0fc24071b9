import { alarmSpec, type AlarmSpec } from "../../../contract/alarm-catalog.ts";
import { thresholdFields } from "../../../contract/sections.ts";
import type { PairedMinute } from "../../../validation/core/comparison/counts.ts";
import { isExcess } from "../../../validation/core/comparison/excess.ts";
import type { Counts } from "./arm.ts";
import { SHIPPED } from "./shipped.ts";
import type { WorldMinute } from "./world.ts";

/** The catalogue's alarms on rates as they decide about a candidate. */
export interface GuardedAlarms {
  /** Any minute of the active slot, of the history too. */
  learn(at: WorldMinute): void;
  /** Whether one of them takes the candidate back after this minute, which was learnt before. */
  see(at: WorldMinute, phiOfFailed: number, phiOfSlow: number): boolean;
}

/** The count that an alarm looks at. */
type Measure = (counts: Counts) => { readonly exposure: number; readonly events: number };

const failed: Measure = ({ requests, failed }) => ({ exposure: requests, events: failed });
/** `slowSeconds` is where 1 % of the active slot's answers begin. */
const slow: Measure = ({ requests, failed, slow99 }) => ({ exposure: requests - failed, events: slow99 });

export function guardedAlarms(): GuardedAlarms {
  const { maxErrorRate, maxSlowRate } = thresholdFields;
  const errorRate = guardedAlarm(alarmSpec("error-rate"), maxErrorRate.default, failed);
  const slowRate = guardedAlarm(alarmSpec("slow-rate"), maxSlowRate.default, slow);
  return {
    learn(at) {
      errorRate.learn(at);
      slowRate.learn(at);
    },
    see(at, phiOfFailed, phiOfSlow) {
      errorRate.see(at);
      slowRate.see(at);
      // A baseline in trouble suspends what judges the candidate alone.
      if (errorRate.isBaselineFailing() || slowRate.isBaselineFailing()) return false;
      return errorRate.isFailing(phiOfFailed) || slowRate.isFailing(phiOfSlow);
    },
  };
}

function guardedAlarm(spec: AlarmSpec, limit: number, measure: Measure) {
  const candidate = mOfN(spec, limit);
  const active = mOfN(spec, limit);
  const usual = { exposure: 0, events: 0 };
  const window: PairedMinute[] = [];
  return {
    learn({ active }: WorldMinute) {
      const { exposure, events } = measure(active);
      usual.exposure += exposure;
      usual.events += events;
    },
    see(at: WorldMinute) {
      const minute = { candidate: measure(at.candidate), active: measure(at.active) };
      if (window.push(minute) > spec.evaluationPeriods) window.shift();
      candidate.see(minute.candidate);
      active.see(minute.active);
    },
    isBaselineFailing: () => active.isInAlarm(),
    isFailing: (dispersion: number) =>
      candidate.isInAlarm() && isExcess({ window, usual, tolerance: SHIPPED.tolerance, dispersion }),
  };
}

/** An M-of-N alarm of the catalogue: a rate is 0 in minutes with too few requests, as its `IF` has it. */
export function mOfN({ datapointsToAlarm, evaluationPeriods }: AlarmSpec, limit: number) {
  const fewest = thresholdFields.minRequestsPerMinute.default;
  const breaching = new Uint8Array(evaluationPeriods);
  let minute = 0;
  let count = 0;
  return {
    see({ exposure, events }: { readonly exposure: number; readonly events: number }) {
      const at = minute++ % evaluationPeriods;
      const breaches = exposure >= fewest && events / exposure > limit ? 1 : 0;
      count += breaches - (breaching[at] ?? 0);
      breaching[at] = breaches;
    },
    isInAlarm: () => count >= datapointsToAlarm,
  };
}
