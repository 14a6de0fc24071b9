import type { Signal, SignalSource } from "../../../contract/signals/signal.ts";
import type { SignalPlace } from "../../../contract/signals/place.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { SignalSeries } from "../../core/signals/series.ts";
import type { Context, Deployed } from "../../ports.ts";

type SourceOf<F extends SignalSource["from"]> = Extract<SignalSource, { readonly from: F }>;

/** Two metrics of CloudWatch of one slot, by their whole names. */
export interface SignalMetrics {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly numerator: string;
  /** A metric's name, or REQUESTS, or TASKS. */
  readonly denominator: string;
}

/** Denominator of what tasks use: the load balancer's count of healthy ones. The numerator is an average over them, in percent. */
export const TASKS = "tasks";

/** Whole minutes from one until the other, epoch ms. */
export interface MinuteRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is asked of the signals at one check: a pair of slots, and when they have shared users. */
export interface AskedPair {
  readonly context: Context;
  readonly deployed: Deployed;
  readonly candidate: Slot;
  readonly active: Slot;
  /** Oldest first; empty ranges are among them. */
  readonly windows: readonly MinuteRange[];
  /** Of the active slot before the release, from when on. */
  readonly historyFromMs: number;
  /** Begin of the first window: where the history ends. */
  readonly sinceMs: number;
  /** Begin of the minute that is not over yet. */
  readonly toMs: number;
}

/** Where signals are read: one file in this folder with one `definition`, and its test. `npm run generate` makes the index. */
export type SignalSourceDefinition = MetricsDefinition | SeriesDefinition;

// Methods, so that the list of all takes what knows one source each.
/** Of two metrics in CloudWatch: those of all signals are read in one call. */
interface MetricsDefinition<S extends SignalSource = SignalSource> {
  readonly from: SignalSource["from"];
  metrics(source: S, place: SignalPlace): SignalMetrics;
}

/** Of anything else: it gives the counts, or why there are none (`held`). */
interface SeriesDefinition<S extends SignalSource = SignalSource> {
  readonly from: SignalSource["from"];
  series(signal: Signal, source: S, asked: AskedPair): Promise<SignalSeries>;
}

export const defineSignalSource = <F extends SignalSource["from"]>(
  definition: { readonly from: F } & (MetricsDefinition<SourceOf<F>> | SeriesDefinition<SourceOf<F>>),
): SignalSourceDefinition => definition;

/** A series without counts, and why it holds; undefined: there is nothing to count yet. */
export const emptySeries = (signal: Signal, held: string | undefined): SignalSeries => ({
  signal,
  minutes: [],
  segments: [],
  tenths: [],
  history: [],
  held,
});
