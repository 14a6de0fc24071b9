import { weighing, type MetricKind } from "../../../validation/core/comparison/compare.ts";
import {
  dispersionTracker,
  type DispersionTracker,
} from "../../../validation/core/comparison/clusters/dispersion.ts";
import { guardedAlarms } from "./alarms.ts";
import type { Counts } from "./arm.ts";
import type { Cell } from "./cell.ts";
import { SHIPPED } from "./shipped.ts";
import type { WorldMinute } from "./world.ts";

/** Our verdict under the shipped defaults: the comparison and, guarded, the absolute alarms. */
export interface OurVerdict {
  /** A minute of the active slot before the release. */
  learn(at: WorldMinute): void;
  /** A minute of the release. */
  see(at: WorldMinute): { readonly comparison: boolean; readonly alarms: boolean };
  /** φ of the failures, as it is known now. */
  phi(): number;
}

/** A count that is written anew in each minute: a day has thousands of them. */
interface Written {
  exposure: number;
  events: number;
}

const written = (): Written => ({ exposure: 0, events: 0 });

interface Metric {
  readonly kind: MetricKind;
  readonly event: "failed" | "slow90" | "slow99";
}

const METRICS: readonly Metric[] = [
  { kind: "failed", event: "failed" },
  { kind: "slow", event: "slow90" },
  { kind: "slow", event: "slow99" },
];

/** One function for all metrics: a day calls it ten thousand times, and one that is always the same is fast. */
function count({ kind, event }: Metric, { requests, failed, slow90, slow99 }: Counts, into: Written): void {
  into.exposure = kind === "failed" ? requests : requests - failed;
  into.events = event === "failed" ? failed : event === "slow90" ? slow90 : slow99;
}

function write(into: Written, exposure: number, events: number): void {
  into.exposure = exposure;
  into.events = events;
}

export interface OurSettings {
  /** φ that is known instead of estimated, to see what estimating it costs. */
  readonly knownPhi?: number | undefined;
}

/** One metric of a run: what was seen of it, and φ. */
interface Course extends Metric {
  readonly tracker: DispersionTracker;
  readonly zones: readonly Written[];
  readonly minute: { readonly candidate: Written; readonly active: Written };
  /** Four numbers for each minute. */
  readonly seen: number[];
  phi: number;
  isAssumed: boolean;
}

export function ourVerdict(cell: Cell, { knownPhi }: OurSettings = {}): OurVerdict {
  const { zones, historyMinutes, sticky } = cell;
  const courses = METRICS.map((metric): Course => ({
    ...metric,
    tracker: dispersionTracker({ zones, historyMinutes, sticky }),
    zones: Array.from({ length: zones }, written),
    minute: { candidate: written(), active: written() },
    seen: [],
    phi: knownPhi ?? 1,
    isAssumed: true,
  }));
  const evidence = weighing(courses, SHIPPED);
  const alarms = guardedAlarms();
  const verdict = { comparison: false, alarms: false };

  const learn = (at: WorldMinute) => {
    alarms.learn(at);
    if (knownPhi !== undefined) return;
    for (const course of courses) {
      const { tracker, zones } = course;
      for (let zone = 0; zone < zones.length; zone++) {
        const [from, into] = [at.zones[zone], zones[zone]];
        if (from !== undefined && into !== undefined) count(course, from, into);
      }
      tracker.add(zones);
    }
  };
  /** A metric whose φ has changed is weighed anew, as the product does at each check. */
  const renew = (course: Course, index: number) => {
    const { phi, assumed } = course.tracker.current();
    course.isAssumed = assumed;
    if (phi === course.phi) return;
    course.phi = phi;
    evidence.restart(index, phi);
    const { seen, minute } = course;
    for (let at = 0; at < seen.length; at += 4) {
      write(minute.candidate, seen[at] ?? 0, seen[at + 1] ?? 0);
      write(minute.active, seen[at + 2] ?? 0, seen[at + 3] ?? 0);
      evidence.takeIn(index, minute);
    }
  };

  return {
    learn,
    phi: () => courses[0]?.phi ?? 1,
    see(at) {
      learn(at);
      // An estimate is renewed each hour; an assumption gives way as soon as there is enough.
      const isHour = at.minute % 60 === 0 || (at.minute + 1) % 60 === 0;
      for (let index = 0; index < courses.length; index++) {
        const course = courses[index];
        if (course === undefined) continue;
        if (knownPhi === undefined && (course.isAssumed || isHour)) renew(course, index);
        const { minute, seen } = course;
        count(course, at.candidate, minute.candidate);
        count(course, at.active, minute.active);
        seen.push(minute.candidate.exposure, minute.candidate.events);
        seen.push(minute.active.exposure, minute.active.events);
        evidence.takeIn(index, minute);
      }
      verdict.comparison = evidence.isEnough();
      verdict.alarms = alarms.see(
        at,
        courses[0]?.phi ?? 1,
        Math.max(courses[1]?.phi ?? 1, courses[2]?.phi ?? 1),
      );
      return verdict;
    },
  };
}
