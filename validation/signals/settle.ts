import {
  finalUntil,
  isFinal,
  isSuddenlySilent,
  type EarlierRead,
  type EarlierReads,
} from "../core/comparison/data.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";

const MINUTE_MS = 60_000;

/** By signal: what earlier checks of this process have read of its minutes. */
export type SignalReads = ReadonlyMap<string, EarlierReads>;

export interface SettledSignals {
  readonly series: readonly SignalSeries[];
  readonly reads: SignalReads;
}

/**
 * The minutes that count, by the rule of the load balancer's own (validation/core/comparison/data.ts): final, or ended
 * at least the lag ago and read the same for a whole period. A minute counts with numerator and denominator, all
 * segments and all tenths, or not at all; one after a minute that is not settled waits for it, and so does one in which
 * a slot has suddenly nothing: its log may be behind.
 */
export function settledSignals(
  all: readonly SignalSeries[],
  at: { readonly nowMs: number; readonly lagSeconds: number },
  earlier: SignalReads = new Map(),
): SettledSignals {
  const reads = new Map<string, EarlierReads>();
  const series = all.map((one) => {
    const read = readsOf(one, at.nowMs, earlier.get(one.signal.name));
    reads.set(one.signal.name, read);
    const silent = silentMinutes(one.minutes);
    const isOpen = (atMs: number, sinceMs: number) =>
      silent.has(atMs) ? !isFinal({ atMs }, finalUntil(at.nowMs)) : !isSettled(atMs, sinceMs, at);
    const open = [...read].filter(([atMs, { sinceMs }]) => isOpen(atMs, sinceMs));
    const endMs = Math.min(Number.POSITIVE_INFINITY, ...open.map(([atMs]) => atMs));
    return before(one, endMs);
  });
  return { series, reads };
}

function silentMinutes(minutes: readonly SignalMinute[]): ReadonlySet<number> {
  const byTime = new Map(minutes.map((minute) => [minute.atMs, minute]));
  const silent = minutes.filter(({ atMs, candidate, active }) => {
    const before = byTime.get(atMs - MINUTE_MS);
    return (
      before !== undefined &&
      (isSuddenlySilent(candidate.exposure, before.candidate.exposure) ||
        isSuddenlySilent(active.exposure, before.active.exposure))
    );
  });
  return new Set(silent.map(({ atMs }) => atMs));
}

function isSettled(
  atMs: number,
  sinceMs: number,
  { nowMs, lagSeconds }: { readonly nowMs: number; readonly lagSeconds: number },
): boolean {
  if (isFinal({ atMs }, finalUntil(nowMs))) return true;
  return nowMs - sinceMs >= MINUTE_MS && nowMs - (atMs + MINUTE_MS) >= lagSeconds * 1000;
}

function readsOf(series: SignalSeries, nowMs: number, earlier: EarlierReads = new Map()): EarlierReads {
  const texts = new Map<number, string[]>();
  const lists = [series.minutes, ...series.segments.map(({ minutes }) => minutes), ...series.tenths];
  for (const [index, minutes] of lists.entries()) {
    for (const { atMs, candidate, active } of minutes) {
      const counts = [candidate.events, candidate.exposure, active.events, active.exposure];
      texts.set(atMs, [...(texts.get(atMs) ?? []), `${index}: ${counts.join(" ")}`]);
    }
  }
  return new Map(
    [...texts].map(([atMs, parts]): [number, EarlierRead] => {
      const counts = parts.join(" / ");
      const known = earlier.get(atMs);
      return [atMs, known?.counts === counts ? known : { counts, sinceMs: nowMs }];
    }),
  );
}

function before(series: SignalSeries, endMs: number): SignalSeries {
  const cut = (minutes: readonly SignalMinute[]) => minutes.filter(({ atMs }) => atMs < endMs);
  return {
    ...series,
    minutes: cut(series.minutes),
    segments: series.segments.map((one) => ({ ...one, minutes: cut(one.minutes) })),
    tenths: series.tenths.map(cut),
  };
}
