import { AwsError } from "../aws-api/errors.ts";

/**
 * The control plane: what has been asked for, as plain JSON. Records are replaced, never changed, so that whoever
 * holds one sees one consistent moment.
 */
export interface Model {
  readonly loadBalancers: Map<string, LoadBalancerRecord>;
  readonly targetGroups: Map<string, TargetGroupRecord>;
  readonly listeners: Map<string, ListenerRecord>;
  readonly rules: Map<string, RuleRecord>;
  /** Tags of any of the above, by ARN. */
  readonly tags: Map<string, Readonly<Record<string, string>>>;
}

export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  readonly scheme: "internet-facing" | "internal";
  readonly createdMs: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  /** The port on 127.0.0.1 that the DNS name shows; the first listener answers on it. */
  readonly frontPort: number;
  /** Signs the stickiness cookies, so that they outlive a restart of the cloud. */
  readonly cookieKey: string;
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly vpcId: string;
  readonly healthCheck: HealthCheck;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface HealthCheck {
  readonly path: string;
  /** `traffic-port` or a port number as text. */
  readonly port: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Status codes as ELB writes them: `200`, `200,202` or `200-299`. */
  readonly matcher: string;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  /** The port asked for; seen by targets as X-Forwarded-Port. */
  readonly port: number;
  /** The port on 127.0.0.1 that it answers on. */
  readonly localPort: number;
}

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  /** 1-50000, or `default` for the listener's default actions. */
  readonly priority: number | "default";
  readonly conditions: readonly RuleConditionRecord[];
  readonly action: RuleAction;
}

export type RuleConditionRecord =
  | {
      readonly field: "path-pattern" | "host-header" | "http-request-method" | "source-ip";
      readonly values: readonly string[];
    }
  | { readonly field: "http-header"; readonly name: string; readonly values: readonly string[] }
  | {
      readonly field: "query-string";
      readonly values: readonly { readonly key?: string; readonly value: string }[];
    };

export type RuleAction = ForwardAction | FixedResponseAction | RedirectAction;

export interface ForwardAction {
  readonly type: "forward";
  readonly order?: number;
  readonly groups: readonly { readonly arn: string; readonly weight: number }[];
  readonly stickiness: { readonly enabled: boolean; readonly durationSeconds?: number };
}

export interface FixedResponseAction {
  readonly type: "fixed-response";
  readonly order?: number;
  readonly statusCode: string;
  readonly contentType?: string;
  readonly messageBody?: string;
}

export interface RedirectAction {
  readonly type: "redirect";
  readonly order?: number;
  readonly statusCode: "HTTP_301" | "HTTP_302";
  readonly protocol: string;
  readonly port: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

export function emptyModel(): Model {
  return {
    loadBalancers: new Map(),
    targetGroups: new Map(),
    listeners: new Map(),
    rules: new Map(),
    tags: new Map(),
  };
}

const SNAPSHOT_VERSION = 1;

interface Snapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly loadBalancers: LoadBalancerRecord[];
  readonly targetGroups: TargetGroupRecord[];
  readonly listeners: ListenerRecord[];
  readonly rules: RuleRecord[];
  readonly tags: [string, Readonly<Record<string, string>>][];
}

/** The model as JSON. Targets are not in it: they are running processes, and whoever runs them registers them. */
export function modelSnapshot(model: Model): unknown {
  const snapshot: Snapshot = {
    version: SNAPSHOT_VERSION,
    loadBalancers: [...model.loadBalancers.values()],
    targetGroups: [...model.targetGroups.values()],
    listeners: [...model.listeners.values()],
    rules: [...model.rules.values()],
    tags: [...model.tags],
  };
  return structuredClone(snapshot);
}

/** Fills an empty model. Throws when the snapshot is not one of `modelSnapshot` in this version. */
export function restoreModel(model: Model, json: unknown): void {
  // Our own file: the version says that it has this shape, anything else is refused.
  const snapshot = structuredClone(json) as Snapshot | null;
  if (snapshot?.version !== SNAPSHOT_VERSION)
    throw new Error(`the load balancer's stored state is not of version ${SNAPSHOT_VERSION}`);
  for (const record of snapshot.loadBalancers) model.loadBalancers.set(record.arn, record);
  for (const record of snapshot.targetGroups) model.targetGroups.set(record.arn, record);
  for (const record of snapshot.listeners) model.listeners.set(record.arn, record);
  for (const record of snapshot.rules) model.rules.set(record.arn, record);
  for (const [arn, tags] of snapshot.tags) model.tags.set(arn, tags);
}

/** The error codes of ELBv2 on the wire; the SDKs' names are these plus `Exception`. */
const NOT_FOUND = {
  loadBalancers: ["LoadBalancerNotFound", "load balancer"],
  targetGroups: ["TargetGroupNotFound", "target group"],
  listeners: ["ListenerNotFound", "listener"],
  rules: ["RuleNotFound", "rule"],
} as const;

/** The record with this ARN, or the service's own not-found error. */
export function find<K extends keyof typeof NOT_FOUND>(
  model: Model,
  kind: K,
  arn: unknown,
): Model[K] extends Map<string, infer R> ? R : never {
  const record = typeof arn === "string" ? model[kind].get(arn) : undefined;
  if (record === undefined) throw notFound(kind, String(arn));
  // TypeScript does not follow the key into the map's value type.
  return record as Model[K] extends Map<string, infer R> ? R : never;
}

export function notFound(kind: keyof typeof NOT_FOUND, what: string): AwsError {
  const [code, noun] = NOT_FOUND[kind];
  return new AwsError(code, `One or more ${noun}s not found: ${what}`);
}

/** The rules of a listener in the order in which they are tried; the default rule is last. */
export function rulesOf(model: Model, listenerArn: string): RuleRecord[] {
  return [...model.rules.values()]
    .filter((rule) => rule.listenerArn === listenerArn)
    .sort((a, b) => rank(a) - rank(b));
}

export function listenersOf(model: Model, loadBalancerArn: string): ListenerRecord[] {
  return [...model.listeners.values()].filter((listener) => listener.loadBalancerArn === loadBalancerArn);
}

/** The load balancers (on AWS at most one) with a rule that forwards to each target group. */
export function loadBalancersByGroup(model: Model): Map<string, string> {
  const byGroup = new Map<string, string>();
  for (const rule of model.rules.values()) {
    if (rule.action.type !== "forward") continue;
    const listener = model.listeners.get(rule.listenerArn);
    if (listener === undefined) continue;
    for (const group of rule.action.groups) byGroup.set(group.arn, listener.loadBalancerArn);
  }
  return byGroup;
}

function rank(rule: RuleRecord): number {
  return rule.priority === "default" ? Infinity : rule.priority;
}
