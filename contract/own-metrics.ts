/** Namespace of the metrics that a release writes about itself; the one thing PutMetricData can be limited by. */
export const METRIC_NAMESPACE = "MlBlueGreen";

/** Counts how often the watchdog took users back, with the dimension Stack. */
export const WATCHDOG_METRIC = "WatchdogReverts";
