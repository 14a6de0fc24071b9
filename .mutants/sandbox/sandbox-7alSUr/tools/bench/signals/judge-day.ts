import { dispersionTracker } from "../../../validation/core/comparison/clusters/dispersion.ts";
import type { Dispersion } from "../../../validation/core/comparison/clusters/dispersion.ts";
import { compareAndDoubt, type ComparedMetric } from "../../../validation/core/comparison/compare.ts";
import type { Count } from "../../../validation/core/comparison/counts.ts";
import { comparedSignals } from "../../../validation/core/signals/compared.ts";
import type { SignalMinute } from "../../../validation/core/signals/series.ts";
import { SHIPPED } from "../decision/shipped.ts";
import type { BuiltIn } from "./built-in.ts";
import type { DrawnSignal } from "./day.ts";
import { MINUTE_MS } from "./labels.ts";

/** What came of a release: whole minutes of it until then. */
export interface Outcome {
  readonly rolledBack: number | undefined;
  /** Users were given back, or the release was rolled back. */
  readonly answered: number | undefined;
  /** By name, of signals that are only told. */
  readonly told: Readonly<Record<string, number>>;
  /** Whether a signal held at the end of the day. */
  readonly held: boolean;
}

export interface Day {
  readonly minutes: number;
  readonly builtIn: readonly BuiltIn[];
  readonly signals: readonly DrawnSignal[];
}

/** The product's own comparison, asked in every minute: its answer is remembered, so it is asked when φ is about to change. */
export function judgeDay(day: Day): Outcome {
  const phases = phasesOf(day);
  const held = new Set<string>();
  const heldNow = (minute: number) =>
    day.signals.filter(({ series, heldAt }) => !held.has(series.signal.name) && heldAt(minute) !== undefined);
  let crossings = crossingsOf(day, phases, held);
  const first = (of: "doubt" | "rollback") => {
    for (;;) {
      const minute = crossings[of];
      if (minute === undefined) return undefined;
      const silent = heldNow(minute);
      if (silent.length === 0) return minute;
      // A signal that holds does not speak again: what it had said is no evidence any more.
      for (const { series } of silent) held.add(series.signal.name);
      crossings = crossingsOf(day, phases, held);
    }
  };
  const doubted = first("doubt");
  const rolledBack = first("rollback");
  const { told } = crossings;
  const both = [doubted, rolledBack].filter((minute) => minute !== undefined);
  return {
    rolledBack,
    answered: both.length === 0 ? undefined : Math.min(...both),
    told,
    held: held.size > 0 || heldNow(day.minutes).length > 0,
  };
}

interface Crossings {
  readonly rollback: number | undefined;
  readonly doubt: number | undefined;
  readonly told: Readonly<Record<string, number>>;
}

function crossingsOf(day: Day, phases: readonly Phase[], held: ReadonlySet<string>): Crossings {
  let rollback: number | undefined;
  let doubt: number | undefined;
  const told: Record<string, number> = {};
  const series = day.signals.map(({ series: one }) =>
    held.has(one.signal.name) ? { ...one, held: "as at that minute" } : one,
  );
  for (const { until, dispersions } of phases) {
    const nowMs = until * MINUTE_MS;
    const metrics = [
      ...day.builtIn.map(({ name, kind, minutes }): ComparedMetric => ({
        name,
        kind,
        minutes: minutes.slice(0, until),
        dispersion: known(dispersions, name),
      })),
      ...comparedSignals(series, { nowMs, lagSeconds: 0, sticky: false, dispersions }),
    ];
    const found = compareAndDoubt(metrics, SHIPPED, { sticky: false, sinceMs: 0 });
    const minuteOf = (crossing: { readonly atMs: number } | undefined) =>
      crossing && crossing.atMs / MINUTE_MS + 1;
    rollback ??= minuteOf(found.comparison.crossing);
    doubt ??= minuteOf(found.doubt.crossing);
    for (const { name, signal } of found.comparison.metrics) {
      const minute = minuteOf(signal?.alone?.crossing);
      if (minute !== undefined) told[name] ??= minute;
    }
    if (rollback !== undefined && doubt !== undefined) break;
  }
  return { rollback, doubt, told };
}

function known(dispersions: ReadonlyMap<string, Dispersion>, name: string): Dispersion {
  const found = dispersions.get(name);
  if (found === undefined) throw new Error(`no φ of ${name}`);
  return found;
}

/** Minutes up to which each φ held. */
interface Phase {
  readonly until: number;
  readonly dispersions: ReadonlyMap<string, Dispersion>;
}

const HOUR = 60;

/** φ as the product has it in each hour: of the history, then with each hour of the release. */
function phasesOf({ minutes, builtIn, signals }: Day): readonly Phase[] {
  const courses = [
    ...builtIn.map(({ name, zones, historyMinutes }) => courseOf(name, zones, historyMinutes)),
    ...signals.map(({ series }) => {
      const { signal, history } = series;
      const own = signal.kind === "scores" ? (series.tenths.at(-1) ?? []) : series.minutes;
      return courseOf(signal.name, [[...history, ...activeOf(own, minutes)]], history.length);
    }),
  ];
  const phases: { until: number; dispersions: ReadonlyMap<string, Dispersion> }[] = [];
  for (let until = 0; until < minutes; until += HOUR) {
    const dispersions = new Map(courses.map(({ name, after }) => [name, after(until)]));
    const before = phases.at(-1)?.dispersions;
    const isSame = [...dispersions].every(([name, { phi, bounded }]) => {
      const last = before?.get(name);
      return last?.phi === phi && last.bounded === bounded;
    });
    const last = phases.at(-1);
    const end = Math.min(minutes, until + HOUR);
    if (isSame && last !== undefined) last.until = end;
    else phases.push({ until: end, dispersions });
  }
  return phases;
}

/** Of labels the first minutes are those that are old enough. */
const activeOf = (all: readonly SignalMinute[], minutes: number): readonly Count[] =>
  all.filter(({ atMs }) => atMs < minutes * MINUTE_MS).map(({ active }) => active);

function courseOf(name: string, zones: readonly (readonly Count[])[], historyMinutes: number) {
  const tracker = dispersionTracker({ zones: zones.length, historyMinutes, sticky: false });
  const length = zones[0]?.length ?? 0;
  let seen = 0;
  return {
    name,
    /** φ after so many minutes of the release, asked in rising order. */
    after(minutes: number): Dispersion {
      for (; seen < Math.min(length, historyMinutes + minutes); seen++) {
        tracker.add(zones.map((zone) => zone[seen] ?? { exposure: 0, events: 0 }));
      }
      return tracker.current();
    },
  };
}
