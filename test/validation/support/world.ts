import { isStale } from "../../../validation/adapters/pulumi/made-up.ts";
import { PROJECT } from "../../support/project.ts";
import { ALARM_KEYS, type AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import type { StackOutputs } from "../../../contract/names/outputs.ts";
import { routeTags } from "../../../contract/route/route-tags.ts";
import { renderForward, SLOT_TAG, type Forward } from "../../../contract/route/route.ts";
import { perSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { withChange, type ReleaseKey } from "../../../validation/core/changes/changes.ts";
import type {
  AlarmReading,
  Reading,
  ServiceEvent,
  TargetCounts,
} from "../../../validation/core/observation.ts";
import type { UpdateRecord } from "../../../validation/core/releases.ts";
import type { Applied, Context, Deployed, LockHolder, Update } from "../../../validation/ports.ts";
import type { ProgressEvent } from "../../../validation/progress.ts";
import { addressesIn } from "../../../validation/core/slot-marks.ts";
import type { TaskLog } from "../../../validation/deploy/task-log.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { health, LabelWorld, services, sidePorts } from "./side-ports.ts";
import { project } from "./raw-config.ts";
import { groupArn, outputsOf, ROUTE_ARN } from "./outputs.ts";
import { RouteHistory, sharesIn } from "./route-history.ts";
import { counts } from "./samples.ts";
import { measuredPoints, type Measured } from "./world-metrics.ts";
export { groupArn, ROUTE_ARN };
export const STACK = "test";
const MINUTE_MS = 60_000;

type Failing = "apply" | "store" | "metrics" | "alarms" | "route" | "services" | "publisher" | "untag";
/** A stack in memory: what the ports of a flow would reach, with everything that can go wrong switched manually. */
export class World {
  readonly clock = new ManualClock();
  readonly events: ProgressEvent[] = [];
  /** What the dashboard was told. */
  readonly published: unknown[] = [];
  readonly labels = new LabelWorld();
  /** Everything that was written, in order. */
  readonly log: string[] = [];
  raw: Readonly<Record<string, string>>;
  deployedMs: number;
  private readonly past = new RouteHistory();
  tags: Readonly<Record<string, string>> = {};
  memo: string | undefined;
  outOfStep: readonly ReleaseKey[] = [];
  /** The update history, newest first; each apply adds to it. */
  history: UpdateRecord[] = [];
  /** What the user's own gates were asked, and what they say. */
  readonly asked: { readonly gate: string; readonly question: unknown }[] = [];
  gateSays: (gate: string) => Reading<unknown> = () => ({ readable: false, why: "nobody is there" });
  locks: LockHolder[] = [];
  /** Called when an apply meets a lock, and at every sleep. */
  onSleep: () => void = () => {};
  failing: Partial<Record<Exclude<Failing, "store">, string>> & { store?: string | Error } = {};
  /** What an update that fails does not know of an earlier one that was cut off. */
  unknown: readonly string[] = [];
  updates = 0;
  emergencyWrites = 0;
  requestsPerMinute = 600;
  cohortPerMinute = 0;
  private readonly cohortMoves: { readonly atMs: number; readonly slots: readonly Slot[] }[] = [];
  /** Failed requests per request, 0 to 1, and requests that were answered 4xx. */
  failureRate: Record<Slot, number> = { blue: 0, green: 0 };
  refusalRate: Record<Slot, number> = { blue: 0, green: 0 };
  /** Requests of strangers who leave before the answer, a minute, on a slot that has users. */
  abandonedPerMinute: Record<Slot, number> = { blue: 0, green: 0 };
  /** Sums of the stack's own metrics. */
  signals: Measured["signals"] = () => undefined;
  readonly bornMs: number;
  health: Record<Slot, TargetCounts>;
  alarmStates: Record<
    Slot,
    Partial<Record<AlarmKey, { state: string; sinceMs?: number; evaluation?: string }>>
  > = {
    blue: {},
    green: {},
  };
  missingAlarms: string[] = [];
  /** Alarms of the user's own, beside the stack's. */
  ownAlarms: AlarmReading[] = [];
  /** What the tasks of any slot wrote last, the newest first. */
  logs: readonly TaskLog[] = [];
  /** What ECS says of any service, newest first, before what it always says. */
  ecsEvents: readonly ServiceEvent[] = [];
  /** How many tasks ECS is to run; scaling may have raised it. */
  desired: Record<Slot, number> = { blue: 2, green: 2 };
  rollout: Record<Slot, { state: string; task?: string }> = {
    blue: { state: "COMPLETED" },
    green: { state: "COMPLETED" },
  };

  private parsed: { raw: unknown; config: StackConfig } | undefined;

  constructor(raw: Record<string, unknown>) {
    this.raw = project(raw);
    const config = this.config;
    this.deployedMs = this.clock.now();
    this.bornMs = Math.floor(this.deployedMs / MINUTE_MS) * MINUTE_MS;
    this.health = perSlot((slot) => counts(config.slots[slot].minTasks));
    this.forward = this.render(config);
    this.moveCohorts(config);
    this.tags = routeTags({ project: PROJECT, stack: STACK }, config);
  }

  get config(): StackConfig {
    if (this.parsed?.raw !== this.raw) {
      const parsed = parseConfig(this.raw);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      this.parsed = { raw: this.raw, config: parsed.config };
    }
    return this.parsed.config;
  }

  get forward(): Forward {
    return this.past.now();
  }

  set forward(forward: Forward) {
    this.past.add(this.clock.now(), forward);
  }

  get live(): Record<Slot, number> {
    return sharesIn(this.forward, groupArn);
  }

  liveAt(atMs: number): Record<Slot, number> {
    return sharesIn(this.past.at(atMs), groupArn);
  }

  cohortsAt(atMs: number): readonly Slot[] {
    return this.cohortMoves.findLast((one) => one.atMs <= atMs)?.slots ?? [];
  }

  private moveCohorts({ cohorts }: StackConfig): void {
    this.cohortMoves.push({ atMs: this.clock.now(), slots: cohorts.map(({ slot }) => slot) });
  }

  setLive(blue: number): void {
    this.forward = renderForward({ blue, green: 100 - blue }, perSlot(groupArn), 0);
  }

  private render(config: StackConfig): Forward {
    return renderForward(config.split, perSlot(groupArn), config.service.stickinessSeconds);
  }

  outputs(): StackOutputs {
    return outputsOf(this.config);
  }

  deployed(): Deployed {
    return {
      config: this.config,
      raw: this.raw,
      outputs: this.outputs(),
      endedWallMs: this.deployedMs,
    };
  }

  /** As an update of Pulumi does it: first the cloud, then, at the end, the history. */
  apply(update: Update, cutOffAfterRoute = false): Applied {
    if (isStale(update, this.config)) return { kind: "stale" };
    if (this.locks.length > 0) return { kind: "locked", holders: [...this.locks] };
    if (this.failing.apply !== undefined)
      return { kind: "failed", message: this.failing.apply, unknown: this.unknown };
    const raw = withChange(this.raw, update.change);
    const parsed = parseConfig(raw);
    if (!parsed.ok) return { kind: "failed", message: JSON.stringify(parsed.problems), unknown: [] };
    this.forward = this.render(parsed.config);
    this.tags = { ...this.tags, ...routeTags({ project: PROJECT, stack: STACK }, parsed.config) };
    this.moveCohorts(parsed.config);
    if (cutOffAfterRoute) return { kind: "failed", message: "cut off", unknown: [] };
    this.raw = raw;
    this.clock.advance(2_000);
    this.deployedMs = this.clock.now();
    this.updates += 1;
    const { release } = parsed.config;
    const modelVersion = release && parsed.config.slots[release.slot].modelVersion;
    const registries = addressesIn(this.config.slots);
    this.history.unshift({ succeeded: true, message: update.message, release, modelVersion, registries });
    this.log.push(`${update.scope}: ${update.message}`);
    return { kind: "applied", deployed: this.deployed(), changedResources: 1 };
  }

  alarm(name: string): AlarmReading | undefined {
    const own = this.ownAlarms.find((one) => one.name === name);
    if (own !== undefined) return own;
    const slot = SLOTS.find((one) => name.startsWith(`${one}-`));
    const key = slot && ALARM_KEYS.find((one) => name === `${slot}-${one}`);
    if (slot === undefined || key === undefined || this.missingAlarms.includes(name)) return undefined;
    const set = this.alarmStates[slot][key];
    return {
      name,
      state: set?.state ?? "OK",
      evaluationState: set?.evaluation,
      transitionedMs: set?.sinceMs,
      configuredMs: undefined,
      reason: "Threshold Crossed",
    };
  }

  context(): Context {
    return contextOf(this);
  }
}

function contextOf(world: World): Context {
  return {
    project: PROJECT,
    stack: STACK,
    owner: "tester@host",
    takeForce: () => false,
    logsOf: async (slot) => `the log of ${slot}`,
    lastLines: async () => world.logs,
    clock: {
      now: () => world.clock.now(),
      wall: () => world.clock.now(),
      fromWall: (wallMs) => wallMs,
      sleep: async (ms) => {
        world.clock.advance(ms);
        world.onSleep();
      },
    },
    store: {
      models: async () => [PROJECT],
      deployed: async () => {
        const failure = world.failing.store;
        if (failure !== undefined) throw typeof failure === "string" ? new Error(failure) : failure;
        return world.deployed();
      },
      apply: async (update) => world.apply(update),
      breakLock: async () => {
        world.log.push("lock broken");
        world.locks = [];
      },
      alone: (use) => use(),
      lockHolder: async () => world.locks[0],
      checkout: async () => ({ outOfStep: world.outOfStep }),
      updates: async (limit) => world.history.slice(0, limit),
      follow: async () => [],
      sync: async () => world.outOfStep,
    },
    route: {
      read: async (routeArn) => {
        if (world.failing.route !== undefined) throw new Error(world.failing.route);
        return { routeArn, groups: world.forward.groups };
      },
      tags: async (arns) =>
        new Map(
          arns.map((arn) => {
            const slot = SLOTS.find((one) => groupArn(one) === arn);
            return [arn, slot === undefined ? world.tags : { [SLOT_TAG]: slot }];
          }),
        ),
      write: async (_arn, forward) => {
        world.emergencyWrites += 1;
        world.log.push(`route: ${forward.groups.map(({ weight }) => weight).join("/")}`);
        world.forward = forward;
      },
      tag: async (_arn, key, value) => {
        world.tags = { ...world.tags, [key]: value };
      },
      untag: async (_arn, key) => {
        if (world.failing.untag !== undefined) throw new Error(world.failing.untag);
        const { [key]: _removed, ...left } = world.tags;
        world.tags = left;
      },
      models: async () => [PROJECT],
      find: async () => [ROUTE_ARN],
    },
    alarms: {
      read: async (names) => {
        if (world.failing.alarms !== undefined) throw new Error(world.failing.alarms);
        return names.map((name) => world.alarm(name)).filter((one) => one !== undefined);
      },
    },
    metrics: {
      read: async (requests, fromMs, toMs) => {
        if (world.failing.metrics !== undefined) throw new Error(world.failing.metrics);
        return measuredPoints(world, requests, fromMs, toMs);
      },
    },
    health: health(world),
    services: services(world),
    ...sidePorts(world),
    reporter: { report: (event) => world.events.push(event) },
  };
}
