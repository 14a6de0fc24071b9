/** One metric's stream of data points: what the load balancer writes and the CloudWatch part keeps. */
export interface MetricSeries {
  /** Records `value` (in the series' unit) `count` times (default 1) at a moment of virtual time. */
  add(timestampMs: number, value: number, count?: number): void;
}

/** Where metrics go. Asking twice for the same series may answer the same object. */
export interface MetricSink {
  series(series: {
    namespace: string;
    metricName: string;
    unit: string;
    dimensions: Readonly<Record<string, string>>;
  }): MetricSeries;
}
