import type { Slot } from "../../contract/slot.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";
import type { Arm, CountAt } from "./metrics.ts";

const MINUTE_MS = 60_000;
/** By so many expected ones, and none: chance has that less than once in 20,000 (e^-10). */
const EXPECTED = 10;

export interface RequestsSeen {
  readonly slots: Readonly<Record<Arm, Slot>>;
  /** Requests of a slot in the minute that begins then; of the active slot in its history, too. */
  readonly requests: CountAt;
  /** Where the history ends, epoch ms. */
  readonly sinceMs: number;
}

/**
 * A signal of which a slot says nothing although it has users, from the begin or from some minute on: a wrong name, a
 * container that logs nothing, a model that counts no more. No data is not good news, so it holds. Of labels nobody
 * knows when they come.
 */
export function withSilence(series: SignalSeries, seen: RequestsSeen): SignalSeries {
  const { signal, minutes, held } = series;
  if (held !== undefined || signal.source.from === "labels" || minutes.length === 0) return series;
  const why = neverCounted(series, seen) ?? countedNoMore(series, seen);
  return why === undefined ? series : { ...series, held: why };
}

/** Nothing of all the minutes in which both slots have users. */
function neverCounted({ minutes, history }: SignalSeries, seen: RequestsSeen): string | undefined {
  const { slots, requests } = seen;
  const asked = (arm: Arm) => sumOf(minutes, ({ atMs }) => requests(arm, atMs));
  const [ofCandidate, ofActive] = [asked("candidate"), asked("active")];
  const shown = sumOf(minutes, ({ candidate }) => candidate.exposure);
  const usual = sumOf(minutes, ({ active }) => active.exposure);
  const why = (slot: Slot, count: number) =>
    `nothing was counted of ${slot} in ${minutes.length} minutes in which it had ${count} requests`;
  const anything = usual + sumOf(history, ({ exposure }) => exposure);
  if (anything === 0 && ofActive >= EXPECTED)
    return `${why(slots.active, ofActive)}, nor in the day before: there is nothing to compare with`;
  const expected = ofActive === 0 ? 0 : (usual / ofActive) * ofCandidate;
  if (shown === 0 && expected >= EXPECTED)
    return `${why(slots.candidate, ofCandidate)}; about ${Math.round(expected)} were due`;
  return undefined;
}

interface CountedMinute extends Count {
  readonly requests: number;
}

/** Nothing since a slot's last count, where the active slot's usual rate lets some expect. */
function countedNoMore(series: SignalSeries, { slots, requests, sinceMs }: RequestsSeen): string | undefined {
  const { minutes } = series;
  if (endsWithUsers(series)) return undefined;
  const of = (arm: Arm, all: readonly SignalMinute[]) =>
    all.map((minute): CountedMinute => ({ ...minute[arm], requests: requests(arm, minute.atMs) }));
  const active = [...of("active", historyMinutes(series, sinceMs)), ...of("active", minutes)];
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
  return silence(slots.active, active) ?? silence(slots.candidate, of("candidate", minutes));
}

/** A shadow ends with the candidate's first users, so its silence is no news. */
const endsWithUsers = ({ signal: { source } }: SignalSeries) =>
  source.from === "agent" && source.count.startsWith("shadow-");

/** What tasks use by a request follows their load, and only minutes of the same load are among a release's. */
const historyMinutes = ({ signal, history }: SignalSeries, sinceMs: number): readonly SignalMinute[] =>
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
