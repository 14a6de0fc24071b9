import type { TargetGroup } from "./target-group.ts";
import type { WeightedGroup } from "./choose-group.ts";
import { compileConditions } from "./match-rule.ts";
import type { Matcher, RequestFacts } from "./match-rule.ts";
import { listenersOf, rulesOf } from "./model.ts";
import type {
  FixedResponseAction,
  ForwardAction,
  LoadBalancerRecord,
  Model,
  RedirectAction,
} from "./model.ts";
import type { StickyCookies } from "./sticky-cookie.ts";
import type { LoadBalancerMetrics, TargetGroupMetrics } from "./traffic-metrics.ts";

/** A target group as the data plane needs it. */
export interface Backend {
  readonly targets: TargetGroup;
  readonly metrics: TargetGroupMetrics;
  /** The same, of the targets in one Availability Zone. */
  zoneMetrics(zone: string): TargetGroupMetrics;
  /** Requests for which a target of this group was chosen, ever. */
  totalRequests: number;
}

export interface CompiledForward {
  readonly type: "forward";
  readonly groups: readonly WeightedGroup<Backend>[];
  readonly byArn: ReadonlyMap<string, Backend>;
  /** 0 while stickiness is off. */
  readonly stickySeconds: number;
}

export type CompiledAction = CompiledForward | FixedResponseAction | RedirectAction;

/** Everything that one request needs, made new at every change and swapped as a whole. */
export interface CompiledListener {
  readonly port: number;
  readonly rules: readonly { readonly matches: Matcher; readonly action: CompiledAction }[];
  readonly dropInvalidHeaders: boolean;
  readonly cookies: StickyCookies;
  readonly metrics: LoadBalancerMetrics;
}

/** The listeners of a load balancer by their port on this machine. */
export function compileListeners(
  model: Model,
  loadBalancer: LoadBalancerRecord,
  parts: {
    cookies: StickyCookies;
    metrics: LoadBalancerMetrics;
    backend: (targetGroupArn: string) => Backend;
  },
): Map<number, CompiledListener> {
  const compiled = new Map<number, CompiledListener>();
  for (const listener of listenersOf(model, loadBalancer.arn)) {
    compiled.set(listener.localPort, {
      port: listener.port,
      rules: rulesOf(model, listener.arn).map((rule) => ({
        matches: compileConditions(rule.conditions),
        action: rule.action.type === "forward" ? compileForward(rule.action, parts.backend) : rule.action,
      })),
      dropInvalidHeaders:
        loadBalancer.attributes["routing.http.drop_invalid_header_fields.enabled"] === "true",
      cookies: parts.cookies,
      metrics: parts.metrics,
    });
  }
  return compiled;
}

/** The action of the first rule that matches; the default rule matches every request. */
export function route(listener: CompiledListener, request: RequestFacts): CompiledAction {
  for (const rule of listener.rules) if (rule.matches(request)) return rule.action;
  throw new Error("a listener without a default rule");
}

function compileForward(
  action: ForwardAction,
  backend: (targetGroupArn: string) => Backend,
): CompiledForward {
  const groups = action.groups.map(({ arn, weight }) => ({ group: backend(arn), weight }));
  return {
    type: "forward",
    groups,
    byArn: new Map(groups.map(({ group }) => [group.targets.arn, group])),
    stickySeconds: action.stickiness.enabled ? (action.stickiness.durationSeconds ?? 0) : 0,
  };
}
