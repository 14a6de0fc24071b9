import type { MetricSeries, MetricSink } from "./metric-sink.ts";

/** The metrics of one target group behind one load balancer. Times are virtual epoch milliseconds. */
export interface TargetGroupMetrics {
  /** A target answered; `seconds` (real) until its response headers. */
  answered(nowMs: number, status: number, seconds: number): void;
  /** A target was chosen, but the load balancer had to answer for it, or the client left first. */
  unanswered(nowMs: number): void;
  connectionFailed(nowMs: number): void;
  hosts(nowMs: number, healthy: number, unhealthy: number): void;
}

/** The metrics of a load balancer's own answers. */
export interface LoadBalancerMetrics {
  answered(nowMs: number, status: number): void;
}

const NAMESPACE = "AWS/ApplicationELB";

/** `HTTPCode_Target_<class>_Count` exist for these classes of status. */
const CLASSES = ["2XX", "3XX", "4XX", "5XX"] as const;

/** Of the load balancer's own answers, these have a metric of their own beside their class. */
const OWN_STATUSES = new Set([500, 502, 503, 504]);

/**
 * ELB guide, CloudWatch metrics: they are reported only for what happened (no zeros), and health checks are excluded.
 * RequestCount counts a request once a target was chosen for it. What requests bring is reported per target group, and
 * per target group and Availability Zone; host counts per target group alone.
 */
export function targetGroupMetrics(
  sink: MetricSink,
  dimensions: {
    readonly LoadBalancer: string;
    readonly TargetGroup: string;
    readonly AvailabilityZone?: string;
  },
): TargetGroupMetrics {
  const series = lazySeries(sink, dimensions);
  const requests = series("RequestCount", "Count");
  const seconds = series("TargetResponseTime", "Seconds");
  const byClass = new Map(
    CLASSES.map((name, index) => [index + 2, series(`HTTPCode_Target_${name}_Count`, "Count")] as const),
  );
  const connectionErrors = series("TargetConnectionErrorCount", "Count");
  const healthyHosts = series("HealthyHostCount", "Count");
  const unhealthyHosts = series("UnHealthyHostCount", "Count");
  return {
    answered(nowMs, status, elapsed) {
      requests().add(nowMs, 1);
      byClass
        .get(Math.floor(status / 100))?.()
        .add(nowMs, 1);
      seconds().add(nowMs, elapsed);
    },
    unanswered: (nowMs) => requests().add(nowMs, 1),
    connectionFailed: (nowMs) => connectionErrors().add(nowMs, 1),
    hosts(nowMs, healthy, unhealthy) {
      healthyHosts().add(nowMs, healthy);
      unhealthyHosts().add(nowMs, unhealthy);
    },
  };
}

/** ELB publishes its own answers per load balancer only; no target group is to blame for them. */
export function loadBalancerMetrics(sink: MetricSink, loadBalancer: string): LoadBalancerMetrics {
  const series = lazySeries(sink, { LoadBalancer: loadBalancer });
  const byName = new Map<string, () => MetricSeries>();
  const count = (nowMs: number, what: string) => {
    let metric = byName.get(what);
    if (metric === undefined) byName.set(what, (metric = series(`HTTPCode_ELB_${what}_Count`, "Count")));
    metric().add(nowMs, 1);
  };
  return {
    answered(nowMs, status) {
      if (status >= 300) count(nowMs, `${Math.floor(status / 100)}XX`);
      if (OWN_STATUSES.has(status)) count(nowMs, String(status));
    },
  };
}

/** A series comes into being with its first point, so that ListMetrics shows none that never had data. */
function lazySeries(sink: MetricSink, dimensions: Readonly<Record<string, string>>) {
  return (metricName: string, unit: string) => {
    let series: MetricSeries | undefined;
    return () => (series ??= sink.series({ namespace: NAMESPACE, metricName, unit, dimensions }));
  };
}
