import { loadBalancerSuffix, targetGroupSuffix } from "./arns.ts";
import type { MetricSink } from "./metric-sink.ts";
import { listenersOf, loadBalancersByGroup } from "./model.ts";
import type { Model } from "./model.ts";
import { compileListeners } from "./routing-table.ts";
import type { Backend, CompiledListener } from "./routing-table.ts";
import { createStickyCookies } from "./sticky-cookie.ts";
import type { StickyCookies } from "./sticky-cookie.ts";
import type { TargetGroup } from "./target-group.ts";
import { loadBalancerMetrics, targetGroupMetrics, type TargetGroupMetrics } from "./traffic-metrics.ts";
import type { LoadBalancerMetrics } from "./traffic-metrics.ts";

/** The routing tables of all load balancers, and what outlives them: counters, metrics and cookie keys. */
export interface Router {
  /** Makes all tables anew from the model and swaps them in. */
  compile(): void;
  listenerAt(localPort: number): CompiledListener | undefined;
  portsOf(loadBalancerArn: string): number[];
  /** A group that some rule forwards to. */
  backend(targetGroupArn: string): Backend;
  totalRequests(targetGroupArn: string): number;
}

interface Front {
  readonly cookies: StickyCookies;
  readonly metrics: LoadBalancerMetrics;
}

export function createRouter(options: {
  model: Model;
  metrics: MetricSink;
  targets: (targetGroupArn: string) => TargetGroup;
}): Router {
  const { model } = options;
  const fronts = new Map<string, Front>();
  const backends = new Map<string, Backend & { readonly loadBalancerArn: string }>();
  let byPort: ReadonlyMap<number, CompiledListener> = new Map();
  let byGroup: ReadonlyMap<string, string> = new Map();

  const backend = (arn: string): Backend => {
    const loadBalancerArn = byGroup.get(arn);
    if (loadBalancerArn === undefined) throw new Error(`no rule forwards to ${arn}`);
    const known = backends.get(arn);
    if (known?.loadBalancerArn === loadBalancerArn) return known;
    const dimensions = {
      LoadBalancer: loadBalancerSuffix(loadBalancerArn),
      TargetGroup: targetGroupSuffix(arn),
    };
    const zones = new Map<string, TargetGroupMetrics>();
    const made = {
      loadBalancerArn,
      targets: options.targets(arn),
      metrics: targetGroupMetrics(options.metrics, dimensions),
      zoneMetrics(zone: string) {
        const found = zones.get(zone);
        if (found !== undefined) return found;
        const created = targetGroupMetrics(options.metrics, { AvailabilityZone: zone, ...dimensions });
        zones.set(zone, created);
        return created;
      },
      totalRequests: known?.totalRequests ?? 0,
    };
    backends.set(arn, made);
    return made;
  };

  const front = (arn: string, cookieKey: string): Front => {
    let made = fronts.get(arn);
    if (made === undefined) {
      made = {
        cookies: createStickyCookies(cookieKey),
        metrics: loadBalancerMetrics(options.metrics, loadBalancerSuffix(arn)),
      };
      fronts.set(arn, made);
    }
    return made;
  };

  return {
    compile() {
      for (const arn of fronts.keys()) if (!model.loadBalancers.has(arn)) fronts.delete(arn);
      for (const arn of backends.keys()) if (!model.targetGroups.has(arn)) backends.delete(arn);
      byGroup = loadBalancersByGroup(model);
      const next = new Map<number, CompiledListener>();
      for (const loadBalancer of model.loadBalancers.values()) {
        const parts = { ...front(loadBalancer.arn, loadBalancer.cookieKey), backend };
        for (const [port, listener] of compileListeners(model, loadBalancer, parts)) next.set(port, listener);
      }
      byPort = next;
    },
    listenerAt: (localPort) => byPort.get(localPort),
    portsOf: (arn) => listenersOf(model, arn).map(({ localPort }) => localPort),
    backend,
    totalRequests: (arn) => backends.get(arn)?.totalRequests ?? 0,
  };
}
