import { alarmSpec, type AlarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { thresholdFields } from "../../../contract/config/sections.ts";
import type { Count, PairedMinute } from "../../../validation/core/comparison/counts.ts";
import { isExcess } from "../../../validation/core/comparison/excess.ts";
import type { Counts } from "./arm.ts";
import { SHIPPED } from "./shipped.ts";
import type { WorldMinute } from "./world.ts";

/** The catalogue's alarms on rates as they decide about a candidate. */
export interface GuardedAlarms {
  /** Any minute of the active slot, of the history too. */
  learn(at: WorldMinute): void;
  /** Whether one of them rolls the candidate back after this minute, which was learnt before. */
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
  return {
    learn(at: WorldMinute) {
      const { exposure, events } = measure(at.active);
      usual.exposure += exposure;
      usual.events += events;
    },
    see(at: WorldMinute) {
      const ofCandidate = measure(at.candidate);
      candidate.see(ofCandidate.exposure, ofCandidate.events);
      const ofActive = measure(at.active);
      active.see(ofActive.exposure, ofActive.events);
    },
    isBaselineFailing: () => active.isInAlarm(),
    isFailing(dispersion: number) {
      if (!candidate.isInAlarm()) return false;
      const seen = active.window();
      const window = candidate
        .window()
        .map((one, index): PairedMinute => ({ candidate: one, active: seen[index] ?? one }));
      return isExcess({ window, usual, tolerance: SHIPPED.tolerance, dispersion });
    },
  };
}

/** An M-of-N alarm of the catalogue: a rate is 0 in minutes with too few requests, as its `IF` has it. */
export function mOfN({ datapointsToAlarm, evaluationPeriods }: AlarmSpec, limit: number) {
  const fewest = thresholdFields.minRequestsPerMinute.default;
  const exposures = new Float64Array(evaluationPeriods);
  const counts = new Float64Array(evaluationPeriods);
  const breaching = new Uint8Array(evaluationPeriods);
  let minute = 0;
  let breaches = 0;
  return {
    see(exposure: number, events: number) {
      const at = minute++ % evaluationPeriods;
      const isBreach = exposure >= fewest && events / exposure > limit ? 1 : 0;
      breaches += isBreach - (breaching[at] ?? 0);
      breaching[at] = isBreach;
      exposures[at] = exposure;
      counts[at] = events;
    },
    isInAlarm: () => breaches >= datapointsToAlarm,
    window: () =>
      Array.from(exposures, (exposure, index): Count => ({ exposure, events: counts[index] ?? 0 })),
  };
}
