import { iso } from "../iso.ts";
import {
  eValueOf,
  type ComparedMetric,
  type Crossing,
  type MetricComparison,
  type TimedMinute,
} from "./compare.ts";
import type { Count } from "./counts.ts";
import type { Dispersion } from "./clusters/dispersion.ts";
import type { Signal } from "../../../contract/signals/signal.ts";
import { partsOf, type ComparedSignal, type MetricPart } from "./compared.ts";
import type { Judgement } from "./judgement.ts";

/** One slot's sums of a metric. */
export interface ArmRecord {
  /** What its events are counted among (`exposure`): requests, answers, labels, streams. */
  readonly requests: number;
  readonly events: number;
  /** Events per one of them; undefined: there was none. */
  readonly rate: number | undefined;
}

/** One metric of both slots, as it is kept. */
export interface MetricRecord extends Omit<MetricComparison, "total" | "window" | "exposure"> {
  /** undefined: an earlier version kept the record. */
  readonly exposure?: string;
  readonly candidate: ArmRecord;
  readonly active: ArmRecord;
  /** Minutes in which both slots had requests. */
  readonly informativeMinutes: number;
  /** e-value; `logE` is exact where this number is no longer. */
  readonly evidence: number;
  /** ISO 8601, the cloud's clock; undefined: no minute yet. */
  readonly window: { readonly from: string; readonly to: string } | undefined;
}

/** The minutes of one metric, column by column: a day of one metric is 30 kB. */
export interface CountsRecord {
  readonly name: string;
  readonly kind: ComparedMetric["kind"];
  readonly dispersion: Dispersion;
  /** Begin of the minute 0, ISO 8601; undefined: there was no minute. */
  readonly from: string | undefined;
  /** When each entry's minute began, in minutes after `from`. */
  readonly minutes: readonly number[];
  readonly candidate: ColumnsRecord;
  readonly active: ColumnsRecord;
  /** Of a signal of the stack's own, and of its segments or tenths. */
  readonly signal?: SignalRecord;
}

export interface ColumnsRecord {
  readonly requests: readonly number[];
  readonly events: readonly number[];
}

/** The minutes of one part of a signal, as `CountsRecord` has them. */
export type PartRecord = Pick<CountsRecord, "from" | "minutes" | "candidate" | "active"> & {
  readonly name: string;
};

export interface SignalRecord {
  readonly definition: Signal;
  readonly held: string | undefined;
  readonly parts: readonly PartRecord[];
}

/** A judgement as it is kept: plain JSON, with the counts that it was made from. */
export interface ComparisonRecord extends Omit<
  Judgement,
  | "metrics"
  | "counts"
  | "unreadable"
  | "crossing"
  | "stepSinceMs"
  | "splitSinceMs"
  | "sticky"
  | "proveNothing"
  | "answers"
  | "clientErrors"
  | "schedule"
> {
  /** undefined: an earlier version kept the record. */
  readonly answers?: Judgement["answers"];
  readonly clientErrors?: Judgement["clientErrors"];
  readonly schedule?: Judgement["schedule"];
  readonly sticky?: boolean;
  readonly stepSince: string;
  /** Since when both slots have had users without a break; undefined: as above. */
  readonly splitSince?: string;
  /** Minutes that prove nothing for the candidate, in minutes after the failed requests' `from`; undefined: as above. */
  readonly proveNothing?: readonly number[];
  /** When the evidence was first enough, and by which metric most; undefined: it never was. */
  readonly crossing: (Omit<Crossing, "atMs"> & { readonly at: string }) | undefined;
  readonly unreadable: readonly string[];
  readonly metrics: readonly MetricRecord[];
  readonly counts: readonly CountsRecord[];
}

const MINUTE_MS = 60_000;

export function comparisonRecord(judged: Judgement): ComparisonRecord {
  const { metrics, counts, unreadable, crossing, stepSinceMs, splitSinceMs, proveNothing, ...same } = judged;
  const firstMs = counts[0].minutes[0]?.atMs ?? 0;
  return {
    ...same,
    stepSince: iso(stepSinceMs),
    splitSince: iso(splitSinceMs),
    proveNothing: proveNothing.map((atMs) => (atMs - firstMs) / MINUTE_MS),
    crossing: crossing && { at: iso(crossing.atMs), evidence: crossing.evidence, name: crossing.name },
    unreadable: unreadable.map(iso),
    metrics: metrics.map(metricRecord),
    counts: counts.map(countsRecord),
  };
}

function metricRecord({ total, window, ...same }: MetricComparison): MetricRecord {
  return {
    ...same,
    candidate: armRecord(total.candidate),
    active: armRecord(total.active),
    informativeMinutes: total.informativeMinutes,
    evidence: eValueOf(same.logE),
    window: window && { from: iso(window.fromMs), to: iso(window.toMs) },
  };
}

const armRecord = ({ exposure, events }: Count): ArmRecord => ({
  requests: exposure,
  events,
  rate: exposure > 0 ? events / exposure : undefined,
});

function countsRecord(metric: ComparedMetric): CountsRecord {
  const { name, kind, dispersion, minutes, signal } = metric;
  return {
    name,
    kind,
    dispersion,
    ...columnsRecord(minutes),
    ...(signal === undefined ? {} : { signal: signalRecord(signal, partsOf(metric)) }),
  };
}

const signalRecord = ({ definition, held }: ComparedSignal, parts: readonly MetricPart[]): SignalRecord => ({
  definition,
  held,
  parts: parts.flatMap(({ name, minutes }) =>
    name === undefined ? [] : [{ name, ...columnsRecord(minutes) }],
  ),
});

/** Minutes as a record keeps them: the inverse of `minutesOf`. */
export function columnsRecord(minutes: readonly TimedMinute[]): Omit<PartRecord, "name"> {
  const fromMs = minutes[0]?.atMs ?? 0;
  const columns = (arm: "candidate" | "active") => ({
    requests: minutes.map((minute) => minute[arm].exposure),
    events: minutes.map((minute) => minute[arm].events),
  });
  return {
    from: minutes.length === 0 ? undefined : iso(fromMs),
    minutes: minutes.map(({ atMs }) => (atMs - fromMs) / MINUTE_MS),
    candidate: columns("candidate"),
    active: columns("active"),
  };
}

/** The minutes of a record again. Columns of different lengths have no minutes that could be meant. */
export function minutesOf({
  from,
  minutes,
  candidate,
  active,
}: Omit<PartRecord, "name">): readonly TimedMinute[] {
  const fromMs = Date.parse(from ?? "");
  const at = (column: readonly number[], index: number) => column[index] ?? Number.NaN;
  return minutes.map((offset, index) => ({
    atMs: fromMs + offset * MINUTE_MS,
    candidate: { exposure: at(candidate.requests, index), events: at(candidate.events, index) },
    active: { exposure: at(active.requests, index), events: at(active.events, index) },
  }));
}
