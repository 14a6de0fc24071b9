import { minutesOf, type ComparisonRecord, type PartRecord } from "../../core/comparison/record.ts";
import type { SignalSeries } from "../../core/signals/series.ts";

/** The signals that evidence has kept, as they were read; φ was kept beside them, so they need no history. */
export const pastSignals = ({ counts }: Pick<ComparisonRecord, "counts">): readonly SignalSeries[] =>
  counts.flatMap((one): readonly SignalSeries[] => {
    if (one.signal === undefined) return [];
    const { definition, held, parts } = one.signal;
    const isScores = definition.kind === "scores";
    const part = (kept: PartRecord) => ({ name: kept.name, minutes: minutesOf(kept) });
    return [
      {
        signal: definition,
        minutes: minutesOf(one),
        segments: isScores ? [] : parts.map(part),
        tenths: isScores ? parts.map(minutesOf) : [],
        history: [],
        held,
      },
    ];
  });
