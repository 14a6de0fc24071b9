import type { Agent } from "undici";
import type { Clock } from "../clock.ts";
import { startProbing } from "./health-check.ts";
import { NEW_TARGET, afterProbe, minFailingMs } from "./health.ts";
import type { HealthReason } from "./health.ts";
import type { TargetGroupRecord } from "./model.ts";
import { begunSlowly, slowStartMs, takesItsTurn } from "./slow-start.ts";
import { addressKey, createTarget, disposeTarget, originOf } from "./target.ts";
import type { Target, TargetAddress } from "./target.ts";

export type TargetState = "initial" | "healthy" | "unhealthy" | "draining" | "unused";

export interface TargetHealthReport {
  readonly address: TargetAddress;
  /** undefined: it is not registered. */
  readonly zone?: string;
  readonly state: TargetState;
  readonly reason?: HealthReason;
  readonly description?: string;
}

/** The targets of one group at run time. */
export interface TargetGroup {
  readonly arn: string;
  register(address: TargetAddress): void;
  /** Resolves when the target is gone: nothing in flight any more, or the deregistration delay has passed. */
  deregister(address: TargetAddress): Promise<void>;
  /** The target for the next request; undefined when there is none to choose from. */
  next(): Target | undefined;
  /**
   * From now on requests wait until a target is healthy, or so many real milliseconds have passed; undefined: they wait
   * no more.
   */
  expectTargets(withinMs: number | undefined): void;
  /** What a request waits for before it asks for the next target; undefined: for nothing. */
  awaited(): Promise<void> | undefined;
  /** Whether a rule forwards to this group; only then its targets are checked and may be healthy. */
  setInUse(inUse: boolean): void;
  report(): TargetHealthReport[];
  reportOf(address: TargetAddress): TargetHealthReport;
  /** Undefined while the group is unused or has no registered target: there is nothing to publish. */
  hostCounts(): { readonly healthy: number; readonly unhealthy: number } | undefined;
  inFlight(): number;
  close(): void;
}

export function createTargetGroup(options: {
  arn: string;
  clock: Clock;
  agent: Agent;
  /** The current settings. */
  settings: () => TargetGroupRecord;
  onHealthChange: () => void;
}): TargetGroup {
  const { clock, settings } = options;
  const targets = new Map<string, Target>();
  const zones = zonesOf(options.arn);
  let inUse = false;
  let eligible: readonly Target[] = [];
  let turn = 0;

  let expected: { readonly promise: Promise<void>; readonly end: () => void } | undefined;

  const healthChanged = () => {
    const active = [...targets.values()].filter((target) => target.draining === undefined);
    const healthy = active.filter((target) => target.health.state === "healthy");
    // ELB guide, target group health: with no healthy target it fails open, to all that are registered.
    eligible = healthy.length > 0 ? healthy : active;
    if (healthy.length > 0) expected?.end();
    options.onHealthChange();
  };

  const othersOf = (target: Target) => [...targets.values()].filter((other) => other !== target);

  const startChecking = (target: Target) => {
    target.stopProbing();
    target.health = NEW_TARGET;
    target.slowStart = undefined;
    if (!inUse) return;
    target.stopProbing = startProbing({
      clock,
      agent: options.agent,
      origin: () => {
        const { port } = settings().healthCheck;
        return originOf(port === "traffic-port" ? target : { host: target.host, port: Number(port) });
      },
      check: () => settings().healthCheck,
      onResult(result) {
        const before = target.health;
        const thresholds = { ...settings().healthCheck, minFailingMs: minFailingMs(clock.speed) };
        target.health = afterProbe(before, result, thresholds, clock.now());
        if (target.health.state === before.state) return;
        const slowMs = slowStartMs(settings().attributes);
        // A target that is unhealthy leaves slow start, and enters it again.
        target.slowStart =
          target.health.state === "healthy" ? begunSlowly(othersOf(target), slowMs, clock.now()) : undefined;
        healthChanged();
      },
    });
  };

  /** Takes the target out; `draining` of it resolves when it is gone. */
  const drain = (target: Target): Promise<void> => {
    target.stopProbing();
    const { promise, resolve } = Promise.withResolvers<void>();
    target.draining = promise;
    const gone = () => {
      cancelDelay();
      target.onIdle = () => {};
      const key = addressKey(target);
      if (targets.get(key) === target) targets.delete(key);
      disposeTarget(target);
      healthChanged();
      resolve();
    };
    target.onIdle = gone;
    const cancelDelay = clock.after(
      Number(settings().attributes["deregistration_delay.timeout_seconds"]) * 1000,
      gone,
    );
    // ELB guide: "If a deregistering target has no in-flight requests and no active connections, Elastic Load
    // Balancing immediately completes the deregistration process."
    if (target.inFlight.length === 0) gone();
    else healthChanged();
    return promise;
  };

  /** With all of them in slow start somebody has to take the request. */
  const takeTurn = (slowMs: number): Target | undefined => {
    for (let passed = 0; passed < eligible.length; passed += 1) {
      turn = turn + 1 < eligible.length ? turn + 1 : 0;
      const inTurn = eligible[turn];
      if (inTurn !== undefined && takesItsTurn(inTurn, slowMs, () => clock.now())) return inTurn;
    }
    return eligible[turn];
  };

  const reportTarget = (target: Target): TargetHealthReport => ({
    address: { host: target.host, port: target.port },
    zone: target.zone,
    ...(target.draining !== undefined ? DRAINING : inUse ? reportHealth(target) : NOT_IN_USE),
  });

  return {
    arn: options.arn,
    register(address) {
      const key = addressKey(address);
      const known = targets.get(key);
      if (known !== undefined && known.draining === undefined) return;
      // One that is still draining goes on doing so beside the new registration.
      const target = createTarget(address, emptiest(zones, targets.values()));
      targets.set(key, target);
      startChecking(target);
      healthChanged();
    },
    deregister(address) {
      const target = targets.get(addressKey(address));
      if (target === undefined) return Promise.resolve();
      return target.draining ?? drain(target);
    },
    next() {
      const { attributes } = settings();
      const inTurn = takeTurn(slowStartMs(attributes));
      if (attributes["load_balancing.algorithm.type"] !== "least_outstanding_requests") return inTurn;
      // ELB guide: to the target with the fewest requests in flight; among equals in turn.
      const fromTurn = [...eligible.slice(turn), ...eligible.slice(0, turn)];
      return fromTurn.reduce(
        (best: Target | undefined, target) =>
          best === undefined || target.inFlight.length < best.inFlight.length ? target : best,
        undefined,
      );
    },
    expectTargets(withinMs) {
      expected?.end();
      if (withinMs === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = () => {
        clearTimeout(timer);
        expected = undefined;
        resolve();
      };
      const timer = setTimeout(end, withinMs);
      timer.unref();
      expected = { promise, end };
    },
    awaited: () => expected?.promise,
    setInUse(used) {
      if (used === inUse) return;
      inUse = used;
      for (const target of targets.values()) if (target.draining === undefined) startChecking(target);
      healthChanged();
    },
    report: () => [...targets.values()].map(reportTarget),
    reportOf(address) {
      const target = targets.get(addressKey(address));
      return target === undefined ? { address, ...NOT_REGISTERED } : reportTarget(target);
    },
    hostCounts() {
      const active = [...targets.values()].filter((target) => target.draining === undefined);
      if (!inUse || active.length === 0) return undefined;
      const count = (state: TargetState) => active.filter((target) => target.health.state === state).length;
      return { healthy: count("healthy"), unhealthy: count("unhealthy") };
    },
    inFlight: () => [...targets.values()].reduce((sum, target) => sum + target.inFlight.length, 0),
    close() {
      expected?.end();
      for (const target of targets.values()) {
        if (target.draining === undefined) disposeTarget(target);
        else target.onIdle();
      }
      targets.clear();
      eligible = [];
    },
  };
}

/** A load balancer stands in two zones at least; tasks are spread over them. */
const zonesOf = (arn: string): readonly string[] => {
  const region = arn.split(":")[3] ?? "";
  return [`${region}a`, `${region}b`];
};

/** The zone with the fewest targets that stay. */
function emptiest(zones: readonly string[], targets: Iterable<Target>): string {
  const staying = [...targets].filter((target) => target.draining === undefined);
  const count = (zone: string) => staying.filter((target) => target.zone === zone).length;
  return zones.reduce((best, zone) => (count(zone) < count(best) ? zone : best));
}

type Status = Omit<TargetHealthReport, "address" | "zone">;

const DRAINING: Status = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};
const NOT_IN_USE: Status = {
  state: "unused",
  reason: "Target.NotInUse",
  description: "Target group is not configured to receive traffic from the load balancer",
};
const NOT_REGISTERED: Status = {
  state: "unused",
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};

function reportHealth({ health }: Target): Status {
  if (health.state === "healthy") return { state: "healthy" };
  if (health.state === "unhealthy")
    return { state: "unhealthy", reason: health.reason, description: health.description };
  return health.probed
    ? {
        state: "initial",
        reason: "Elb.InitialHealthChecking",
        description: "Initial health checks in progress",
      }
    : {
        state: "initial",
        reason: "Elb.RegistrationInProgress",
        description: "Target registration is in progress",
      };
}
