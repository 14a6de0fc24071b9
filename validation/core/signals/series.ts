import type { Signal } from "../../../contract/signals/signal.ts";
import type { Count, PairedMinute } from "../comparison/counts.ts";

/**
 * One minute of a signal on both slots. `atMs` is when it counts, epoch ms: of labels that come late, the minute of the
 * prediction and the declared delay after it, so that evidence of all signals grows in the order in which it is known.
 */
export interface SignalMinute extends PairedMinute {
  readonly atMs: number;
}

/** A value of a segment, `country=DE`, and its own counts. */
export interface SegmentSeries {
  readonly name: string;
  readonly minutes: readonly SignalMinute[];
}

/** What was read of one signal for a pair of models, complete minutes only, oldest first. */
export interface SignalSeries {
  readonly signal: Signal;
  /** Of `scores`: the answers that lie in no tenth are not there, so its events are its exposure. */
  readonly minutes: readonly SignalMinute[];
  readonly segments: readonly SegmentSeries[];
  /** Of `scores` alone: per tenth of the active slot's answers before the release, the answers in it of all. */
  readonly tenths: readonly (readonly SignalMinute[])[];
  /**
   * The active slot's own counts of the time before the release, minute by minute: how its events cluster is taken from
   * them. Of `scores`: those in the highest tenth, of all.
   */
  readonly history: readonly Count[];
  /** Why nothing can be said by it now, and the release holds; undefined: nothing. */
  readonly held: string | undefined;
  /** What weakens it, and does not hold the release. */
  readonly note?: string;
}
