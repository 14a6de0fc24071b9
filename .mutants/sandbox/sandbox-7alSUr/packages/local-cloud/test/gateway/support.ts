import { createServer } from "node:http";
import type { RequestListener, ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  Action,
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Agent, request } from "undici";
import type { Dispatcher } from "undici";
import { onTestFinished } from "vitest";
import { createElb } from "../../gateway/elb.ts";
import type { Elb, ElbOptions, TargetAddress, TargetState } from "../../gateway/elb.ts";
import type { MetricSink } from "../../gateway/metric-sink.ts";
import { ManualClock } from "../support/manual-clock.ts";

export interface Point {
  readonly timestampMs: number;
  readonly value: number;
  readonly count: number;
}

/** Keeps every point, by `<metric> <dimension values>`. */
export class RecordingSink implements MetricSink {
  readonly points = new Map<string, Point[]>();

  series({ metricName, dimensions }: Parameters<MetricSink["series"]>[0]) {
    const key = [metricName, ...Object.values(dimensions)].join(" ");
    const points = this.points.get(key) ?? [];
    this.points.set(key, points);
    return {
      add: (timestampMs: number, value: number, count = 1) => void points.push({ timestampMs, value, count }),
    };
  }

  sum(metricName: string, ...dimensions: string[]): number {
    const points = this.points.get([metricName, ...dimensions].join(" ")) ?? [];
    return points.reduce((total, { value, count }) => total + value * count, 0);
  }

  values(metricName: string, ...dimensions: string[]): number[] {
    return (this.points.get([metricName, ...dimensions].join(" ")) ?? []).map(({ value }) => value);
  }
}

/** A model server on 127.0.0.1; gone with the test. */
export async function upstream(
  handler: RequestListener,
  options: ServerOptions = {},
): Promise<TargetAddress & { close(): Promise<void> }> {
  const server = createServer(options, handler);
  server.maxHeadersCount = 0;
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  const close = () => {
    const { promise, resolve: closed } = Promise.withResolvers<void>();
    server.close(() => closed());
    server.closeAllConnections();
    return promise;
  };
  onTestFinished(close);
  // A TCP server's address is an object.
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, close };
}

export interface World {
  readonly elb: Elb;
  readonly clock: ManualClock;
  readonly metrics: RecordingSink;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly url: string;
  call<Output = unknown>(name: string, input: object): Promise<Output>;
  createGroup(name: string, settings?: object): Promise<string>;
  createRule(priority: number, actions: Action[], conditions?: object[]): Promise<string>;
  /** Registers and waits for the first health check. */
  register(groupArn: string, target: TargetAddress): Promise<void>;
  reaches(groupArn: string, target: TargetAddress, state: TargetState): Promise<void>;
  get(
    path?: string,
    options?: {
      headers?: Record<string, string>;
      method?: Dispatcher.HttpMethod;
      body?: Dispatcher.DispatchOptions["body"];
    },
  ): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }>;
}

export async function callElb<Output>(elb: Elb, name: string, input: object): Promise<Output> {
  const operation = elb.operations[name];
  if (operation === undefined) throw new Error(`no operation ${name}`);
  // Tests say what they expect the operation to answer.
  return (await operation({ ...input })) as Output;
}

export function newElb(options: Partial<ElbOptions> = {}): {
  elb: Elb;
  clock: ManualClock;
  metrics: RecordingSink;
} {
  const clock = new ManualClock();
  const metrics = new RecordingSink();
  const elb = createElb({ clock, region: "us-east-1", metrics, ...options });
  onTestFinished(() => elb.close());
  return { elb, clock, metrics };
}

/** A load balancer with one listener on port 80 whose default answers 503, as the stack has it. */
export async function world(options: Partial<ElbOptions> = {}): Promise<World> {
  const { elb, clock, metrics } = newElb(options);
  const call = <Output>(name: string, input: object) => callElb<Output>(elb, name, input);
  const created = await call<CreateLoadBalancerOutput>("CreateLoadBalancer", {
    Name: "models",
    Subnets: ["subnet-a", "subnet-b"],
  });
  const loadBalancer = created.LoadBalancers?.[0];
  const loadBalancerArn = text(loadBalancer?.LoadBalancerArn);
  const listeners = await call<CreateListenerOutput>("CreateListener", {
    LoadBalancerArn: loadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
  });
  const listenerArn = text(listeners.Listeners?.[0]?.ListenerArn);
  const url = `http://${text(loadBalancer?.DNSName)}`;
  const client = new Agent({ connections: 16, maxHeaderSize: 64 * 1024 });
  onTestFinished(() => client.close());

  const reaches = (groupArn: string, target: TargetAddress, state: TargetState) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (elb.targetHealth(groupArn, target) === state) resolve();
    };
    const stop = elb.onHealthChange(look);
    look();
    return promise.finally(stop);
  };

  return {
    elb,
    clock,
    metrics,
    loadBalancerArn,
    listenerArn,
    url,
    call,
    reaches,
    async createGroup(name, settings = {}) {
      const output = await call<CreateTargetGroupOutput>("CreateTargetGroup", {
        Name: name,
        Protocol: "HTTP",
        Port: 8080,
        VpcId: "vpc-1",
        TargetType: "ip",
        HealthCheckPath: "/health",
        ...settings,
      });
      return text(output.TargetGroups?.[0]?.TargetGroupArn);
    },
    async createRule(priority, actions, conditions = [{ Field: "path-pattern", Values: ["/*"] }]) {
      const output = await call<CreateRuleOutput>("CreateRule", {
        ListenerArn: listenerArn,
        Priority: priority,
        Conditions: conditions,
        Actions: actions,
      });
      return text(output.Rules?.[0]?.RuleArn);
    },
    register(groupArn, target) {
      elb.registerTarget(groupArn, target);
      return reaches(groupArn, target, "healthy");
    },
    async get(path = "/", { headers, method = "GET", body } = {}) {
      const response = await request(`${url}${path}`, {
        dispatcher: client,
        method,
        headers,
        body: body ?? null,
      });
      return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
    },
  };
}

export interface SingleTarget extends World {
  readonly group: string;
  readonly target: TargetAddress & { close(): Promise<void> };
}

/** A world in which every request goes to one target. `attributes` are the load balancer's. */
export async function single(
  handler: RequestListener,
  { attributes = {}, server = {} }: { attributes?: Record<string, string>; server?: ServerOptions } = {},
): Promise<SingleTarget> {
  const w = await world();
  const group = await w.createGroup("blue");
  await w.createRule(1, [split([[group, 1]])]);
  await w.call("ModifyLoadBalancerAttributes", {
    LoadBalancerArn: w.loadBalancerArn,
    Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
  });
  const target = await upstream(
    (req, res) => (req.url === "/health" ? res.end() : handler(req, res)),
    server,
  );
  await w.register(group, target);
  return { ...w, group, target };
}

/** The forward action of the stack's route. */
export function split(shares: readonly (readonly [string, number])[], stickySeconds?: number): Action {
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: shares.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig:
        stickySeconds === undefined ? { Enabled: false } : { Enabled: true, DurationSeconds: stickySeconds },
    },
  };
}

/** A handler that answers health checks and says its name. */
export function named(name: string): RequestListener {
  return (req, res) => res.end(req.url === "/health" ? "ok" : name);
}

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function text(value: string | undefined): string {
  if (value === undefined) throw new Error("the answer lacks a value that it must have");
  return value;
}
