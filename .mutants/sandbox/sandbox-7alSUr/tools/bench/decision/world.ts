import { armOf, noCounts, type Arm, type Counts, type Weather } from "./arm.ts";
import type { Cell } from "./cell.ts";
import type { Random } from "./random.ts";

/** What can be read of one minute. The same object in each. */
export interface WorldMinute {
  /** Minutes since the candidate got users; negative in the history. */
  minute: number;
  readonly candidate: Counts;
  readonly active: Counts;
  /** The active slot's, by Availability Zone. */
  readonly zones: readonly Counts[];
  /** As many fresh tasks of the old model as the candidate has: Kayenta asks for them. */
  readonly baseline: Counts;
}

export interface World {
  readonly at: WorldMinute;
  /** Draws the next minute. */
  next(): void;
}

/** The day is 48 levels of load: steps small enough for a wave, few enough for tables. */
const LEVEL_MINUTES = 30;
const DAY_MINUTES = 1440;
const BURST_BEGINS = 1 / 60;
const BURST_ENDS = 1 / 10;
/** A fault that grows does so in steps of so many minutes. */
const GROWTH_MINUTES = 10;

/** One run of a cell, from the first minute of the history on. */
export function worldOf(cell: Cell, random: Random, withBaseline: boolean): World {
  const zoneArms = Array.from({ length: cell.zones }, () => armOf(cell));
  const candidateArm = armOf(cell);
  const baselineArm = armOf(cell);
  const loadAt = loadOf(cell, random);
  const at: WorldMinute = {
    minute: -cell.historyMinutes - 1,
    candidate: noCounts(),
    active: noCounts(),
    zones: zoneArms.map(noCounts),
    baseline: noCounts(),
  };
  const weather: Weather = { requests: 0, failing: 0, slow: 1 };
  const draw = (arm: Arm, into: Counts) => arm(random, weather, into);

  return {
    at,
    next() {
      const minute = ++at.minute;
      const requests = cell.requestsPerMinute * loadAt(minute);
      const shared = minute < 0 ? 0 : cell.share;
      const failing = failingAt(cell, minute);
      weather.failing = failing;
      weather.slow = 1;
      weather.requests = (requests * (1 - shared)) / cell.zones;
      for (let zone = 0; zone < zoneArms.length; zone++) {
        const [arm, into] = [zoneArms[zone], at.zones[zone]];
        if (arm !== undefined && into !== undefined) draw(arm, into);
      }
      sumUp(at.zones, at.active);
      if (minute < 0) return;
      weather.requests = requests * shared;
      if (withBaseline) draw(baselineArm, at.baseline);
      weather.failing = candidateFailingAt(cell, failing, minute);
      weather.slow = minute >= (cell.fault?.onset ?? Infinity) ? (cell.fault?.slow ?? 1) : cell.ratio;
      draw(candidateArm, at.candidate);
    },
  };
}

function sumUp(parts: readonly Counts[], into: Counts): void {
  into.requests = into.failed = into.slow90 = into.slow99 = 0;
  for (const { requests, failed, slow90, slow99 } of parts) {
    into.requests += requests;
    into.failed += failed;
    into.slow90 += slow90;
    into.slow99 += slow99;
  }
}

/** What the load is multiplied with, asked minute after minute. */
function loadOf({ load }: Cell, random: Random): (minute: number) => number {
  switch (load.kind) {
    case "flat":
      return () => 1;
    case "diurnal":
      return (minute) => {
        const level = Math.floor((((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES) / LEVEL_MINUTES);
        return 1 + load.swing * Math.sin((2 * Math.PI * level * LEVEL_MINUTES) / DAY_MINUTES);
      };
    case "bursty": {
      let isBurst = false;
      return () => {
        if (random() < (isBurst ? BURST_ENDS : BURST_BEGINS)) isBurst = !isBurst;
        return isBurst ? load.factor : 1;
      };
    }
  }
}

function failingAt({ failing, incidents }: Cell, minute: number): number {
  for (const incident of incidents) {
    if (minute >= incident.from && minute < incident.from + incident.minutes) return incident.failing;
  }
  return failing;
}

function candidateFailingAt({ fault, ratio }: Cell, failing: number, minute: number): number {
  if (fault === undefined || minute < fault.onset) return failing * ratio;
  if (fault.overMinutes === 0) return fault.failing;
  const grown = Math.floor((minute - fault.onset) / GROWTH_MINUTES) * GROWTH_MINUTES;
  return failing + (fault.failing - failing) * Math.min(1, grown / fault.overMinutes);
}
