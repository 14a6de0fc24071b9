import { Agent } from "undici";
import { every } from "../clock.ts";
import type { Clock } from "../clock.ts";
import { operationsOf } from "../aws-api/define-operation.ts";
import type { Operations } from "../aws-api/operations.ts";
import { OPERATIONS } from "../operations/index.ts";
import { createArns } from "./arns.ts";
import { createDataPlane } from "./data-plane.ts";
import { createDoors } from "./doors.ts";
import type { MetricSink } from "./metric-sink.ts";
import { emptyModel, find, loadBalancersByGroup, modelSnapshot, restoreModel } from "./model.ts";
import type { ElbControl } from "./control.ts";
import { createRouter } from "./router.ts";
import { createTargetGroup } from "./target-group.ts";
import type { TargetGroup, TargetState } from "./target-group.ts";
import type { TargetAddress } from "./target.ts";

export type { TargetAddress } from "./target.ts";
export type { TargetState } from "./target-group.ts";

/** The load balancers of the local cloud: the ELBv2 operations, and the traffic that really flows. */
export interface Elb {
  /** ELBv2 operations in the SDK's shapes; CreateLoadBalancer and CreateListener answer promises. */
  readonly operations: Operations;
  /** Registers a target on this machine. Throws TargetGroupNotFound. */
  registerTarget(targetGroupArn: string, target: TargetAddress): void;
  /**
   * No new requests from now on. Resolves when the target is gone: nothing is in flight any more, or the
   * deregistration delay (virtual time) has passed and what was left has been cut off. At once when unknown.
   */
  deregisterTarget(targetGroupArn: string, target: TargetAddress): Promise<void>;
  /** `unused` also for a target that is not registered. Throws TargetGroupNotFound. */
  targetHealth(targetGroupArn: string, target: TargetAddress): TargetState;
  /** Whether a listener or a rule forwards to the group. Throws TargetGroupNotFound. */
  isInUse(targetGroupArn: string): boolean;
  /** What the newest health check of an unhealthy target found. Throws TargetGroupNotFound. */
  whyUnhealthy(targetGroupArn: string, target: TargetAddress): string;
  /** Calls back after any target's state has changed. The returned function ends that. */
  onHealthChange(listener: () => void): () => void;
  /** Requests in flight to a group's targets, and all for which one was chosen since the start. */
  traffic(targetGroupArn: string): { readonly inFlight: number; readonly total: number };
  /** Tags of a load balancer, listener, rule or target group; none of one that is not there. */
  tagsOf(arn: string): Readonly<Record<string, string>>;
  /** The port on 127.0.0.1 that a listener answers on. Throws ListenerNotFound. */
  localPort(listenerArn: string): number;
  /** The control plane as JSON: no targets, they are processes and register anew. */
  snapshot(): unknown;
  /**
   * After `restore`: the target groups whose targets come back by themselves. Requests for them wait until one is
   * healthy, those for any other group no more.
   */
  expectOnly(targetGroupArns: readonly string[]): void;
  /** Into a new Elb only. Rejects when the snapshot is not ours or one of its ports is taken. */
  restore(snapshot: unknown): Promise<void>;
  /** Calls back after each change of what `snapshot` answers. */
  onChange(listener: () => void): void;
  /** Stops listening, checking and draining; ends all connections. */
  close(): Promise<void>;
}

export interface ElbOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly metrics: MetricSink;
  /** Numbers in [0, 1) for the weighted choice. */
  readonly random?: () => number;
  /** The port on this machine for a listener (asked for with port 80 for the load balancer's DNS name); 0 = any. */
  readonly listenPort?: ElbControl["listenPort"];
  /** How long requests wait for the targets of a load balancer that was restored; real milliseconds. */
  readonly restoreWaitMs?: number;
}

/** A process takes the time that it takes to start, and a client no longer than its load balancer's idle timeout. */
const RESTORE_WAIT_MS = 60_000;
/** CloudWatch's period for ELB metrics. */
const METRIC_PERIOD_MS = 60_000;

export function createElb(options: ElbOptions): Elb {
  const {
    clock,
    metrics,
    random = Math.random,
    listenPort = () => 0,
    restoreWaitMs = RESTORE_WAIT_MS,
  } = options;
  const model = emptyModel();
  const agent = new Agent({ pipelining: 0 });
  const groups = new Map<string, TargetGroup>();
  const healthListeners = new Set<() => void>();
  const changeListeners = new Set<() => void>();

  const targets = (arn: string): TargetGroup => {
    find(model, "targetGroups", arn);
    let group = groups.get(arn);
    if (group === undefined) {
      group = createTargetGroup({
        arn,
        clock,
        agent,
        settings: () => find(model, "targetGroups", arn),
        onHealthChange() {
          publishHosts(arn);
          for (const listener of healthListeners) listener();
        },
      });
      groups.set(arn, group);
    }
    return group;
  };
  const dataPlane = createDataPlane({ clock, random });
  const router = createRouter({ model, metrics, targets });
  const doors = createDoors({
    onRequest(port, req, res) {
      const listener = router.listenerAt(port);
      // A load balancer without a listener accepts no request.
      if (listener === undefined) req.socket.destroy();
      else dataPlane.handle(listener, req, res);
    },
    onRefused(port, status) {
      const listener = router.listenerAt(port);
      if (listener !== undefined) dataPlane.countRefusal(listener, status);
    },
  });

  /** At each change and each minute, so that the minute's Minimum and Maximum see a short outage. */
  const publishHosts = (arn: string) => {
    const counts = groups.get(arn)?.hostCounts();
    if (counts === undefined || !loadBalancersByGroup(model).has(arn)) return;
    router.backend(arn).metrics.hosts(clock.now(), counts.healthy, counts.unhealthy);
  };
  const stopPublishing = every(clock, METRIC_PERIOD_MS, 0, () => {
    for (const arn of groups.keys()) publishHosts(arn);
  });

  const apply = () => {
    for (const [arn, group] of groups) {
      if (model.targetGroups.has(arn)) continue;
      groups.delete(arn);
      group.close();
    }
    router.compile();
    for (const { arn, attributes } of model.loadBalancers.values())
      for (const port of router.portsOf(arn))
        doors.setIdleTimeout(port, Number(attributes["idle_timeout.timeout_seconds"]) * 1000);
    const used = loadBalancersByGroup(model);
    for (const arn of model.targetGroups.keys()) targets(arn).setInUse(used.has(arn));
  };
  const control: ElbControl = {
    model,
    clock,
    arns: createArns(options.region),
    doors,
    listenPort,
    targets,
    changed() {
      apply();
      for (const listener of changeListeners) listener();
    },
  };

  return {
    operations: operationsOf(OPERATIONS, "elasticloadbalancing", control),
    registerTarget: (arn, target) => targets(arn).register(target),
    deregisterTarget: (arn, target) => groups.get(arn)?.deregister(target) ?? Promise.resolve(),
    targetHealth: (arn, target) => targets(arn).reportOf(target).state,
    isInUse: (arn) => loadBalancersByGroup(model).has(find(model, "targetGroups", arn).arn),
    whyUnhealthy: (arn, target) => targets(arn).reportOf(target).description ?? "",
    onHealthChange(listener) {
      healthListeners.add(listener);
      return () => healthListeners.delete(listener);
    },
    traffic: (arn) => ({ inFlight: targets(arn).inFlight(), total: router.totalRequests(arn) }),
    tagsOf: (arn) => model.tags.get(arn) ?? {},
    localPort: (arn) => find(model, "listeners", arn).localPort,
    snapshot: () => modelSnapshot(model),
    async restore(snapshot) {
      restoreModel(model, snapshot);
      const fronts = [...model.loadBalancers.values()].map(({ frontPort }) => frontPort);
      const others = [...model.listeners.values()].map(({ localPort }) => localPort);
      // Before anybody is let in: users of the former life of this load balancer wait for its targets.
      for (const arn of model.targetGroups.keys()) targets(arn).expectTargets(restoreWaitMs);
      router.compile();
      for (const port of new Set([...fronts, ...others])) await doors.open(port);
      apply();
    },
    expectOnly(arns) {
      for (const [arn, group] of groups) if (!arns.includes(arn)) group.expectTargets(undefined);
    },
    onChange: (listener) => void changeListeners.add(listener),
    async close() {
      stopPublishing();
      for (const group of groups.values()) group.close();
      await Promise.all([doors.close(), agent.destroy()]);
    },
  };
}
