/** Series of one name, those alone that have one of the values of each label. */
export interface SeriesChoice {
  readonly series: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The server shows them from its start: where they are missing it does not count them, and nothing is no zero. */
  readonly always: boolean;
}

interface NamedPair {
  readonly numerator: string;
  readonly denominator: string;
}

/** Counters: the sum of some among the sum of all. */
export interface CounterMetric extends NamedPair {
  readonly kind: "counters";
  readonly events: readonly SeriesChoice[];
  readonly among: readonly SeriesChoice[];
}

/** A histogram of seconds: what took longer than so long, among all of it. */
export interface HistogramMetric extends NamedPair {
  readonly kind: "histogram";
  readonly histogram: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly laterThanSeconds: number;
}

export type ScrapedMetric = CounterMetric | HistogramMetric;

/** How late is late, for the presets. */
export interface SlowBounds {
  readonly firstTokenSeconds: number;
  readonly answerSeconds: number;
}
