import { totalOf, type Count, type PairedMinute } from "../comparison/counts.ts";
import { dispersionOf, type Dispersion } from "../comparison/clusters/dispersion.ts";
import type { ComparedMetric, MetricPart } from "../comparison/compared.ts";
import type { SignalMinute, SignalSeries } from "./series.ts";

export interface SignalSettings {
  readonly nowMs: number;
  /** A minute counts when it ended so long ago: CloudWatch may be late. */
  readonly lagSeconds: number;
  readonly sticky: boolean;
  /** By name of the signal, when it was found before: counts that were kept have no history any more. */
  readonly dispersions?: ReadonlyMap<string, Dispersion> | undefined;
}

const MINUTE_MS = 60_000;

/**
 * The stack's signals as metrics of the comparison. Half of a signal's evidence is that of all its events, half is
 * shared by its segments, each with its own exposure; of scores each tenth has a tenth. Means of e-values are e-values.
 */
export const comparedSignals = (
  all: readonly SignalSeries[],
  settings: SignalSettings,
): readonly ComparedMetric[] => all.map((series) => comparedSignal(series, settings));

function comparedSignal(series: SignalSeries, settings: SignalSettings): ComparedMetric {
  const { signal, held } = series;
  const { nowMs, lagSeconds } = settings;
  const unreadable = new Set<number>();
  const counted = (minutes: readonly SignalMinute[]) => {
    const readable = minutes.filter(({ atMs, candidate, active }) => {
      if (atMs + MINUTE_MS + lagSeconds * 1000 > nowMs) return false;
      const isReadable = isCount(candidate) && isCount(active);
      if (!isReadable) unreadable.add(atMs);
      return isReadable;
    });
    return signal.better === "higher" ? readable.map(missed) : readable;
  };
  const minutes = counted(series.minutes);
  const tenths = series.tenths.map(counted);
  const segments = series.segments.map(({ name, minutes: own }) => ({ name, minutes: counted(own) }));
  return {
    name: signal.name,
    kind: "signal",
    minutes,
    parts: partsOf(signal.kind === "scores" ? { tenths } : { minutes, segments }),
    dispersion: settings.dispersions?.get(signal.name) ?? signalDispersion(series, settings),
    signal: {
      definition: signal,
      held,
      unreadable: [...unreadable].toSorted((a, b) => a - b),
      note: signal.kind === "scores" ? tied(tenths) : series.note,
    },
  };
}

/** Where events are good, their absence is the harm. */
const missed = ({ atMs, candidate, active }: SignalMinute): SignalMinute => ({
  atMs,
  candidate: missing(candidate),
  active: missing(active),
});

const missing = ({ exposure, events }: Count): Count => ({ exposure, events: exposure - events });

/** More events than there can be, or a number that is none, is no count. Of losses it is a loss above 1. */
export const isCount = ({ exposure, events }: Count) =>
  events >= 0 && events <= exposure && exposure < Infinity;

type Divided =
  | { readonly tenths: readonly (readonly SignalMinute[])[] }
  | {
      readonly minutes: readonly SignalMinute[];
      readonly segments: readonly { readonly name: string; readonly minutes: readonly SignalMinute[] }[];
    };

function partsOf(divided: Divided): readonly MetricPart[] {
  if ("tenths" in divided) {
    const { tenths } = divided;
    return tenths.map((minutes, index) => ({
      name: `tenth ${index + 1}`,
      weight: 1 / tenths.length,
      minutes,
    }));
  }
  const { minutes, segments } = divided;
  const whole = { name: undefined, minutes };
  if (segments.length === 0) return [{ ...whole, weight: 1 }];
  return [
    { ...whole, weight: 1 / 2 },
    ...segments.map((segment) => ({ ...segment, weight: 1 / 2 / segments.length })),
  ];
}

/**
 * φ from the active slot's history, then each hour of the release, as of one zone: no zone counts a signal. Segments and
 * tenths have the signal's: they have too few events for one of their own, and a part of a cluster is no larger than it.
 */
export function signalDispersion(
  { signal, history, minutes, tenths }: SignalSeries,
  { sticky }: Pick<SignalSettings, "sticky">,
): Dispersion {
  const own = signal.kind === "scores" ? (tenths.at(-1) ?? []) : minutes;
  const zone = [...history, ...own.map(({ active }) => active)].map((count) =>
    isCount(count) ? count : NONE,
  );
  return dispersionOf({ zones: [zone], historyMinutes: history.length, sticky });
}

const NONE: Count = { exposure: 0, events: 0 };

/** Where a tenth of the active slot's scores holds more than so much of them, many are the same number. */
const TIED = 0.2;
const FEWEST_SCORES = 100;

function tied(tenths: readonly (readonly PairedMinute[])[]): string | undefined {
  const actives = tenths.map((minutes) => totalOf(minutes).active);
  const largest = Math.max(
    0,
    ...actives.map(({ exposure, events }) => (exposure < FEWEST_SCORES ? 0 : events / exposure)),
  );
  if (largest <= TIED) return undefined;
  return `too few distinct values: ${Math.round(100 * largest)} % of the active slot's scores are in one tenth, and what changes among them is not seen`;
}
