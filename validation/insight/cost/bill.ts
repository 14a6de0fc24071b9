import { SPOT, type Capacity } from "../../../contract/config/capacity.ts";
import {
  ALARM_KEYS,
  alarmSpec,
  JUDGING_ALARM_KEYS,
  type AlarmKey,
} from "../../../contract/alarms/alarm-catalog.ts";
import { agentMetrics } from "../../../contract/signals/agent-metrics.ts";
import { LABEL_METRICS, readsLabels } from "../../../contract/signals/label-metrics.ts";
import { metricsReadOfSlot, paidMetrics } from "../../../contract/signals/paid-metrics.ts";
import { otherSlot, perSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import { cohortDeadlineMinutes, deadlineMinutesAt } from "../../../contract/release/schedule.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { cohortStepOf, percents, stepAt } from "../../../contract/config/steps.ts";
import { taskSettings, type TaskSettings } from "../../../contract/config/task-settings.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { AWS_POLL_MS } from "../../rollout/poll.ts";
import { zoneCount } from "../../../contract/config/zones.ts";
import { PRICES, type Price, type PriceKey } from "./prices.ts";

/** What no configuration says. */
export interface Assumptions {
  /** Average load balancer capacity units: one is 25 new connections a second, 1 GB an hour, or 1,000 rules a second. */
  readonly lcu: number;
  /** Logs of all tasks in a month. */
  readonly logGb: number;
  /** Data of all tasks through NAT gateways in a month: images, secrets, logs. */
  readonly natGb: number;
  readonly releases: number;
}

export const USUAL: Assumptions = { lcu: 1, logGb: 5, natGb: 10, releases: 10 };

/** AWS's own month in its calculators. */
export const HOURS = 730;

export interface BillLine {
  /** What it is for: the slots, the way in, watching. */
  readonly group: string;
  readonly item: string;
  readonly quantity: number;
  readonly price: PriceKey;
  readonly usd: number;
}

/** What a month of a stack costs, line by line, at its least number of tasks. */
export function bill(config: StackConfig, assumed: Assumptions): readonly BillLine[] {
  return [
    ...SLOTS.flatMap((slot) => tasksOf(config, slot, config.slots[slot].minTasks)),
    ...entrance(config, assumed),
    ...addresses(config),
    ...watching(config, assumed),
  ];
}

/** The tasks of a slot, running all month; none of those on EC2, whose instances are not the stack's, nor of others. */
function tasksOf(config: StackConfig, slot: Slot, tasks: number): readonly BillLine[] {
  const settings = taskSettings(config, slot);
  if (settings === undefined || settings.kind === "external") return [];
  const group = `${slot}, ${slot === config.activeSlot ? "the active slot" : "the standby or candidate"}`;
  const { vcpu, gb } = sizeOf(settings);
  const prices = ARCHITECTURE_PRICES[settings.architecture];
  if (prices === undefined) throw new Error(`there is no price for the processor ${settings.architecture}`);
  const lines = (on: keyof typeof prices, count: number, of: string): readonly BillLine[] =>
    count === 0
      ? []
      : [
          line(group, `${of} × ${vcpu} vCPU`, count * vcpu * HOURS, prices[on].vcpu),
          line(group, `${of} × ${gb} GB`, count * gb * HOURS, prices[on].gb),
        ];
  const all = `${tasks} ${tasks === 1 ? "task" : "tasks"}`;
  const spot = SPOT_TASKS[settings.capacity](tasks);
  if (spot === undefined) return [];
  if (spot === 0) return lines("onDemand", tasks, all);
  return [
    ...lines("onDemand", tasks - spot, `${round(tasks - spot)} of ${all}`),
    ...lines("spot", spot, `${round(spot)} of ${all} on Spot`),
  ];
}

const round = (tasks: number) => Number(tasks.toFixed(1));

/** How many of a slot's tasks are on Spot, on average; undefined: none of them is paid to Fargate. */
const SPOT_TASKS: Readonly<Record<Capacity, (tasks: number) => number | undefined>> = {
  fargate: () => 0,
  fargateSpot: (tasks) => {
    const { onDemandBase, onDemandWeight, spotWeight } = SPOT;
    return (Math.max(0, tasks - onDemandBase) * spotWeight) / (onDemandWeight + spotWeight);
  },
  ec2: () => undefined,
};

interface TaskPrices {
  readonly onDemand: { readonly vcpu: PriceKey; readonly gb: PriceKey };
  readonly spot: { readonly vcpu: PriceKey; readonly gb: PriceKey };
}

const ARCHITECTURE_PRICES: Readonly<Record<string, TaskPrices>> = {
  X86_64: {
    onDemand: { vcpu: "vcpuX86", gb: "gbX86" },
    spot: { vcpu: "vcpuX86Spot", gb: "gbX86Spot" },
  },
  ARM64: {
    onDemand: { vcpu: "vcpuArm", gb: "gbArm" },
    spot: { vcpu: "vcpuArmSpot", gb: "gbArmSpot" },
  },
};

// Fargate: 1024 CPU units are one vCPU, 1024 MiB one GB of the price list.
const sizeOf = ({ cpu, memory }: TaskSettings) => ({ vcpu: cpu / 1024, gb: memory / 1024 });

function entrance({ network }: StackConfig, { lcu, natGb }: Assumptions): readonly BillLine[] {
  const group = "the way in and out";
  // A shared load balancer is paid by whoever made it; the requests to the model are paid all the same.
  const own = network.listenerArn === undefined ? [line(group, "load balancer", HOURS, "loadBalancer")] : [];
  const gateways = natGateways(network);
  const nat =
    gateways === 0
      ? []
      : [
          line(group, `${gateways} NAT gateway${gateways === 1 ? "" : "s"}`, gateways * HOURS, "nat"),
          line(group, "data through NAT", natGb, "natGb"),
        ];
  return [...own, line(group, `${lcu} LCU on average`, lcu * HOURS, "lcu"), ...nat];
}

const GATEWAYS = { none: () => 0, single: () => 1, onePerZone: (zones: number) => zones } as const;

/** NAT gateways of the stack's own VPC; those of an existing one are not the stack's. */
const natGateways = (network: StackConfig["network"]) =>
  network.vpcId === undefined ? GATEWAYS[network.nat](zoneCount(network)) : 0;

/** Public IPv4 addresses: one for each zone of the load balancer, each NAT gateway, each task without NAT. */
function addresses(config: StackConfig): readonly BillLine[] {
  const { network, slots } = config;
  const { listenerArn, internal, vpcId, publicSubnetIds, nat, assignPublicIp } = network;
  const places = vpcId === undefined ? zoneCount(network) : publicSubnetIds.length;
  const ofBalancer = listenerArn !== undefined || internal ? 0 : places;
  const open = vpcId === undefined ? nat === "none" : assignPublicIp;
  // ECS gives a task on an instance no public address of its own.
  const tasks = SLOTS.filter((slot) =>
    ["fargate", "fargateSpot"].includes(capacityOf(config, slot) ?? ""),
  ).reduce((sum, slot) => sum + slots[slot].minTasks, 0);
  const count = ofBalancer + natGateways(network) + (open ? tasks : 0);
  if (count === 0) return [];
  const item = `${count} public IPv4 address${count === 1 ? "" : "es"}`;
  return [line("the way in and out", item, count * HOURS, "publicIp")];
}

// A metric alarm is paid by the metrics that it reads: the error rate alone reads six.
const metricsOfAll = (keys: readonly AlarmKey[]) =>
  keys.map((key) => metricsOf(key)).reduce((sum, count) => sum + count, 0);
const METRICS_OF_SLOT = metricsOfAll(ALARM_KEYS);

function metricsOf(key: AlarmKey): number {
  // How many metrics an alarm reads does not depend on its threshold.
  const any = {
    maxErrorRate: 1,
    maxSlowRate: 1,
    slowSeconds: 1,
    maxCpuUtilization: 1,
    maxMemoryUtilization: 1,
  };
  const queries = alarmSpec(key).queries({ ...any, minRequestsPerMinute: 1 });
  return queries.filter((query) => !("expression" in query)).length;
}

/** Two shares, a step, a verdict. */
const CUSTOM_METRICS = 4;

// What the comparison of the two models reads of a slot, and of each zone of the active one: comparison.ts.
const COMPARED = { slot: 11, zone: 10 } as const;

/** Metrics that one check of a rollout reads: the candidate's alarms and requests, and the comparison. */
function metricsOfLook({ network, signals }: StackConfig): number {
  const zones = network.vpcId === undefined ? zoneCount(network) : network.taskSubnetIds.length;
  const ofSlots = SLOTS.length * (COMPARED.slot + metricsReadOfSlot(signals));
  return metricsOfAll(JUDGING_ALARM_KEYS) + 1 + ofSlots + zones * COMPARED.zone;
}

// DescribeAlarms, and PutMetricData of what was decided; reading ELB and ECS costs nothing.
const CALLS_OF_LOOK = 2;
const looksIn = (minutes: number) => (minutes * 60_000) / AWS_POLL_MS;

/** How long a release is watched: each step for its bake, or until its deadline, held by a gate or a person. */
function minutesOf(rollout: RolloutPolicy, how: "baked" | "held"): number {
  const cohort = cohortStepOf(rollout)?.bakeMinutes;
  const before = cohort === undefined ? 0 : how === "held" ? cohortDeadlineMinutes(rollout, cohort) : cohort;
  return percents(rollout.steps).reduce((sum, share) => {
    const { bakeMinutes } = stepAt(rollout, share);
    return sum + (how === "held" ? Math.max(bakeMinutes, deadlineMinutesAt(rollout, share)) : bakeMinutes);
  }, before);
}

/** What CloudWatch asks for one release: that goes as fast as it may, or whose every step lasts until its deadline. */
export function watchedUsd(config: StackConfig, how: "baked" | "held"): number {
  const looks = looksIn(minutesOf(config.rollout, how));
  const { metricsRead, apiRequests } = PRICES;
  return (looks / 1000) * (metricsOfLook(config) * metricsRead.usd + CALLS_OF_LOOK * apiRequests.usd);
}

function watching(config: StackConfig, { logGb, releases }: Assumptions): readonly BillLine[] {
  const { slots, rollout } = config;
  const group = "watching";
  const running = SLOTS.filter((slot) => slots[slot].image !== undefined).length;
  // Of the releases one is as slow as a release may be.
  const held = Math.min(1, releases);
  const watchedMinutes = (releases - held) * minutesOf(rollout, "baked") + held * minutesOf(rollout, "held");
  const metricsRead = looksIn(watchedMinutes) * metricsOfLook(config);
  const alarms =
    running === 0
      ? []
      : [
          line(group, "metric alarms", running * METRICS_OF_SLOT, "alarmMetric"),
          line(group, "composite alarms", running, "compositeAlarm"),
        ];
  return [
    ...alarms,
    line(group, "dashboard", 1, "dashboard"),
    line(group, "metrics of the release", CUSTOM_METRICS, "customMetric"),
    ...ofSignals(group, config),
    line(group, `metrics read in ${releases} rollouts`, metricsRead / 1000, "metricsRead"),
    line(group, "calls in them", (looksIn(watchedMinutes) * CALLS_OF_LOOK) / 1000, "apiRequests"),
    line(group, "logs taken in", logGb, "logsIngested"),
    line(group, "logs kept", logGb, "logsKept"),
  ];
}

/** The metrics that CloudWatch makes of what the model's container and the agent write, whatever releases there are. */
function ofSignals(group: string, config: StackConfig): readonly BillLine[] {
  const [signals, agents] = [paidMetrics(config.signals), agentMetrics(config)];
  const labels = readsLabels(config) ? SLOTS.length * Object.keys(LABEL_METRICS).length : 0;
  const lines = [
    { count: signals.count, item: `metrics of signals: ${signals.arithmetic}` },
    {
      count: agents.count,
      item: `metrics of the agents at most, beside those of signals: ${agents.arithmetic}`,
    },
    { count: labels, item: "metrics of labels" },
  ];
  return lines.flatMap(({ count, item }) => (count === 0 ? [] : [line(group, item, count, "customMetric")]));
}

function line(group: string, item: string, quantity: number, price: PriceKey): BillLine {
  const { usd }: Price = PRICES[price];
  return { group, item, quantity, price, usd: quantity * usd };
}

export const total = (lines: readonly BillLine[]) => lines.reduce((sum, { usd }) => sum + usd, 0);

/** What the tasks of a slot run on; undefined: it is empty, or something else fills it. */
export function capacityOf(config: StackConfig, slot: Slot): Capacity | undefined {
  const settings = taskSettings(config, slot);
  return settings?.kind === "external" ? undefined : settings?.capacity;
}

/** With every slot that runs at its greatest number of tasks. */
export function atMost(config: StackConfig): StackConfig {
  const slots = perSlot((slot) => {
    const own = config.slots[slot];
    // A slot that is scaled to zero has no task, whatever its maximum: see infra/slot/scaling.ts.
    return own.minTasks === 0 ? own : { ...own, minTasks: own.maxTasks };
  });
  return { ...config, slots };
}

/** What the other slot's tasks cost in a month: the price of being able to go back at once. */
export function standbyUsd(config: StackConfig): number {
  const slot = otherSlot(config.activeSlot);
  return total(tasksOf(config, slot, config.slots[slot].minTasks));
}

/** What a release adds while it stands compared with the active slot: `deploy` gives it as many tasks. */
export function releaseUsd(config: StackConfig): number {
  return total(tasksOf(config, config.activeSlot, config.slots[config.activeSlot].minTasks));
}

/** What an hour of a task like the active slot's costs, on average of all of them; 0: it has none, or on your own instances. */
export function taskHourUsd(config: StackConfig): number {
  const { minTasks } = config.slots[config.activeSlot];
  return minTasks === 0 ? 0 : releaseUsd(config) / HOURS / minTasks;
}
