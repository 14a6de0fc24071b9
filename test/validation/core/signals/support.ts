import type { Signal } from "../../../../contract/signals/signal.ts";
import type { Count } from "../../../../validation/core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../../../../validation/core/signals/series.ts";
import { MINUTE, paired, seeded } from "../comparison/support.ts";

export const signalOf = (own: Partial<Signal> = {}): Signal => ({
  name: "wrong",
  kind: "counts",
  source: { from: "labels", labelAfterMinutes: 10 },
  tolerance: undefined,
  better: "lower",
  budget: 1,
  action: "rollback",
  segments: {},
  ...own,
});

type Pair = readonly [events: number, exposure: number];

export const minutesOfSignal = (
  count: number,
  at: (index: number) => readonly [candidate: Pair, active: Pair],
): readonly SignalMinute[] =>
  Array.from({ length: count }, (_, index) => ({ atMs: index * MINUTE, ...paired(...at(index)) }));

/** A day before the release without clusters: so many events of 540 in each minute. */
export const quietHistory = (events: number, random: () => number): readonly Count[] =>
  Array.from({ length: 1440 }, () => {
    let found = 0;
    for (let one = 0; one < 540; one++) found += random() < events / 540 ? 1 : 0;
    return { exposure: 540, events: found };
  });

/** So that φ is 1 and no estimate stands between a test and what it looks at. */
const QUIET = quietHistory(5, seeded(3));

export const seriesOf = (own: Partial<SignalSeries> & Pick<SignalSeries, "minutes">): SignalSeries => ({
  signal: signalOf(),
  segments: [],
  tenths: [],
  history: QUIET,
  held: undefined,
  ...own,
});
