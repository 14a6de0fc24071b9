/**
 * A count of the user's own per request, as `rollout.customMetrics` named it until version 0.2 and as kept evidence and
 * files of counts have it: by its name. A stack names its own under `signals` now.
 */
export interface CustomMetric {
  readonly name: string;
}
