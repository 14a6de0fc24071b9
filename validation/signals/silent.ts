import type { Slot } from "../../contract/slot.ts";
import type { Count } from "../core/comparison/counts.ts";
import { finalUntil, isFinal } from "../core/comparison/data.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";
import type { Arm, CountAt } from "./metrics.ts";
import { minutesIn } from "./minutes.ts";
import type { AskedPair } from "./sources/define.ts";

const MINUTE_MS = 60_000;
/** By so many expected ones, and none: chance has that less than once in 20,000 (e^-10). */
const EXPECTED = 10;

/** So late may rows come that a program or an address has of both slots: a warehouse loads them together. */
const ROWS_LATE_MS = 60 * MINUTE_MS;

/**
 * A signal of which a slot says nothing although it has users, from the begin or from some minute on: a wrong name, a
 * container that logs nothing, a model that counts no more, a filter that finds no row. No data is not good news, so it
 * holds. Of labels nobody knows when they come. `requests` is of the active slot's history, too.
 */
export function withSilence(read: SignalSeries, asked: AskedPair, requests: CountAt): SignalSeries {
  if (read.held !== undefined || read.signal.source.from === "labels") return read;
  const series = { ...read, minutes: judgedMinutes(read, asked) };
  if (series.minutes.length === 0) return read;
  const why = neverCounted(series, asked, requests) ?? countedNoMore(series, asked, requests);
  return why === undefined ? read : { ...read, held: why };
}

/** Of rows the minutes without one, too, as far as one may be expected by now. */
function judgedMinutes(
  { signal: { source }, minutes }: SignalSeries,
  { windows, context }: AskedPair,
): readonly SignalMinute[] {
  if (source.from !== "command" && source.from !== "url") return minutes;
  const nowMs = context.clock.now();
  const newest = minutes.findLast(({ candidate, active }) => candidate.exposure + active.exposure > 0);
  const isExpected = (atMs: number) =>
    isFinal({ atMs }, finalUntil(nowMs)) &&
    // Until a first row of the release has come, none is taken for a late one.
    (newest === undefined || atMs + MINUTE_MS <= nowMs - ROWS_LATE_MS);
  const known = new Map(minutes.map((minute) => [minute.atMs, minute]));
  return windows
    .flatMap(({ fromMs, toMs }) => minutesIn(fromMs, toMs))
    .filter((atMs) => atMs <= (newest?.atMs ?? 0) || isExpected(atMs))
    .map((atMs) => known.get(atMs) ?? { atMs, candidate: NOTHING, active: NOTHING });
}

/** Nothing of all the minutes in which both slots have users. */
function neverCounted(
  { minutes, history }: SignalSeries,
  pair: AskedPair,
  requests: CountAt,
): string | undefined {
  const asked = (arm: Arm) => sumOf(minutes, ({ atMs }) => requests(arm, atMs));
  const [ofCandidate, ofActive] = [asked("candidate"), asked("active")];
  const shown = sumOf(minutes, ({ candidate }) => candidate.exposure);
  const usual = sumOf(minutes, ({ active }) => active.exposure);
  const why = (slot: Slot, count: number) =>
    `nothing was counted of ${slot} in ${minutes.length} minutes in which it had ${count} requests`;
  const anything = usual + sumOf(history, ({ exposure }) => exposure);
  if (anything === 0 && ofActive >= EXPECTED)
    return `${why(pair.active, ofActive)}, nor in the day before: there is nothing to compare with`;
  const expected = ofActive === 0 ? 0 : (usual / ofActive) * ofCandidate;
  if (shown === 0 && expected >= EXPECTED)
    return `${why(pair.candidate, ofCandidate)}; about ${Math.round(expected)} were due`;
  return undefined;
}

interface CountedMinute extends Count {
  readonly requests: number;
}

/** Nothing since a slot's last count, where the active slot's usual rate lets some expect. */
function countedNoMore(series: SignalSeries, pair: AskedPair, requests: CountAt): string | undefined {
  const { minutes } = series;
  const of = (arm: Arm, all: readonly SignalMinute[]) =>
    all.map((minute): CountedMinute => ({ ...minute[arm], requests: requests(arm, minute.atMs) }));
  const active = [...of("active", historyMinutes(series, pair)), ...of("active", minutes)];
  const counted = active.filter(({ exposure }) => exposure > 0);
  const asked = active.filter((minute) => minute.requests > 0);
  if (asked.length === 0) return undefined;
  const perRequest = exposureOf(counted) / requestsOf(asked);
  // What is published together, or late, is a cluster: so a minute of silence is at most one that is missing.
  const perMinute = counted.length / asked.length;
  const silence = (slot: Slot, own: readonly CountedMinute[]) => {
    const since = own.slice(own.findLastIndex(({ exposure }) => exposure > 0) + 1);
    const due = perRequest * requestsOf(since);
    const minutesDue = perMinute * since.filter((minute) => minute.requests > 0).length;
    if (Math.min(due, minutesDue) < EXPECTED) return undefined;
    return `nothing was counted of ${slot} in the last ${since.length} minutes, in which it had ${requestsOf(since)} requests; about ${Math.round(due)} were due`;
  };
  return silence(pair.active, active) ?? silence(pair.candidate, of("candidate", minutes));
}

/** What tasks use by a request follows their load, and only minutes of the same load are among a release's. */
const historyMinutes = ({ signal, history }: SignalSeries, { sinceMs }: AskedPair): readonly SignalMinute[] =>
  signal.source.from === "resources"
    ? []
    : history.map((active, index) => ({
        atMs: sinceMs - (history.length - index) * MINUTE_MS,
        candidate: NOTHING,
        active,
      }));

const NOTHING: Count = { exposure: 0, events: 0 };

const sumOf = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((sum, one) => sum + of(one), 0);
const exposureOf = (counts: readonly Count[]) => sumOf(counts, ({ exposure }) => exposure);
const requestsOf = (minutes: readonly CountedMinute[]) => sumOf(minutes, ({ requests }) => requests);
