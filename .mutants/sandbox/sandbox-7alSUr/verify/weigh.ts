import { logSum } from "./formulas/grid.ts";
import { harmAfter, HARM_START, type HarmState, type HarmTerms } from "./formulas/harm.ts";
import type { Minute } from "./formulas/minute.ts";

/** log E after each minute of one series. */
export type EvidenceCourse = readonly { readonly atMs: number; readonly logE: number }[];

/** What has been computed of a series of minutes: the next look has most of them again. */
export interface Courses {
  of(key: string, minutes: readonly Minute[], terms: HarmTerms): EvidenceCourse;
}

export function courses(): Courses {
  const known = new Map<
    string,
    { readonly minutes: readonly Minute[]; readonly states: readonly HarmState[] }
  >();
  return {
    of(name, minutes, terms) {
      const key = `${name}|${terms.tolerance}|${terms.phi}|${minutes[0]?.atMs}`;
      const before = known.get(key);
      let same = 0;
      while (same < minutes.length && isSame(before?.minutes[same], minutes[same])) same += 1;
      const states = (before?.states ?? []).slice(0, same);
      let state = states.at(-1) ?? HARM_START;
      for (const minute of minutes.slice(same)) {
        state = harmAfter(state, minute, terms);
        states.push(state);
      }
      known.set(key, { minutes, states });
      return minutes.map(({ atMs }, at) => ({ atMs, logE: states[at]?.logE ?? 0 }));
    },
  };
}

const isSame = (a: Minute | undefined, b: Minute | undefined) =>
  a !== undefined &&
  b !== undefined &&
  a.atMs === b.atMs &&
  a.candidate.requests === b.candidate.requests &&
  a.candidate.events === b.candidate.events &&
  a.active.requests === b.active.requests &&
  a.active.events === b.active.events;

/** A metric's evidence as a sum of series. */
export interface WeighedCourse {
  readonly name: string;
  /** Its part of the sum. */
  readonly weight: number;
  readonly series: readonly { readonly weight: number; readonly course: EvidenceCourse }[];
}

export const lastLog = (course: EvidenceCourse): number => course.at(-1)?.logE ?? 0;

export const metricLog = ({ series }: Pick<WeighedCourse, "series">): number =>
  logSum(series.map(({ weight, course }) => Math.log(weight) + lastLog(course)));

export interface SumOfEvidence {
  readonly evidence: number;
  /** When it was first enough; undefined: never. */
  readonly crossing: { readonly atMs: number; readonly evidence: number; readonly name: string } | undefined;
}

/** Σ weight times evidence after each minute, until now; compared with `needed`. */
export function summed(metrics: readonly WeighedCourse[], needed: number): SumOfEvidence {
  const heavy = metrics.filter(({ weight }) => weight > 0);
  const times = [
    ...new Set(heavy.flatMap(({ series }) => series.flatMap(({ course }) => course.map(({ atMs }) => atMs)))),
  ];
  times.sort((a, b) => a - b);
  const places = new Map<EvidenceCourse, number>();
  const logAt = (course: EvidenceCourse, atMs: number) => {
    let place = places.get(course) ?? 0;
    while ((course[place]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) place += 1;
    places.set(course, place);
    return course[place - 1]?.logE ?? 0;
  };
  let crossing: SumOfEvidence["crossing"];
  let log = logSum(heavy.map(({ weight }) => Math.log(weight)));
  for (const atMs of times) {
    const each = heavy.map(
      ({ weight, series }) =>
        Math.log(weight) + logSum(series.map((one) => Math.log(one.weight) + logAt(one.course, atMs))),
    );
    log = logSum(each);
    if (crossing !== undefined || log < Math.log(needed)) continue;
    const most = each.reduce((a, b, at) => (b > (each[a] ?? 0) ? at : a), 0);
    crossing = { atMs, evidence: evidenceOf(log), name: heavy[most]?.name ?? "" };
  }
  return { evidence: heavy.length === 0 ? 0 : evidenceOf(log), crossing };
}

/** JSON knows no infinity. */
export const evidenceOf = (log: number): number => Math.min(Math.exp(log), Number.MAX_VALUE);
