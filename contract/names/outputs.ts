import { ALARM_KEYS, FIRST_ALARM_KEYS, type AlarmKey } from "../alarms/alarm-catalog.ts";
import { isRecord } from "../config/field.ts";
import { readOrigin, type Origin } from "./names.ts";
import { isSlot, perSlot, SLOTS, type PerSlot, type Slot } from "../slot.ts";
import type { Split } from "../route/split.ts";
import { readEntrance, type EntranceMemory } from "../transition/entrance-memory.ts";
import { readNetwork, type NetworkMemory } from "../transition/network-memory.ts";
import { readDefinition, type Definition } from "../config/task-settings.ts";

/** Names of a slot's alarms. Those that a later version added are absent until the stack's next update. */
export type AlarmNames = Readonly<Record<(typeof FIRST_ALARM_KEYS)[number], string>> &
  Readonly<Partial<Record<AlarmKey, string>>>;

/** What a slot with a service tells the tools. */
export interface RunningSlot {
  readonly image: string;
  readonly modelVersion: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly serviceName: string;
  readonly taskDefinitionArn: string;
  readonly alarms: AlarmNames;
  readonly slotAlarm: string;
  /** For the program itself, to tell a change of the task definition; absent when an earlier version deployed. */
  readonly definition?: Definition;
}

export interface SlotOutputs {
  readonly targetGroupArn: string;
  /** `targetgroup/name/id`: the value of the CloudWatch dimension TargetGroup. */
  readonly targetGroupSuffix: string;
  readonly testTargetGroupArn: string;
  /** That the groups were made with, for the program itself; absent when an earlier version deployed. */
  readonly targetGroupPort?: number;
  /** undefined: the slot is empty. */
  readonly running: RunningSlot | undefined;
}

/** The stack's outputs: how everything else finds things. */
export interface StackOutputs {
  /** What the names on AWS were made of; absent when version 0.1 deployed. */
  readonly names?: Origin | undefined;
  readonly url: string;
  readonly region: string;
  readonly activeSlot: Slot;
  /** As the route resource has it. */
  readonly split: Split;
  readonly generation: number;
  readonly routeArn: string;
  readonly loadBalancerSuffix: string;
  /** The load balancer's own name (on the local cloud with its port); absent when version 0.1 deployed. */
  readonly loadBalancerDnsName?: string;
  readonly clusterName: string;
  readonly stickinessSeconds: number;
  readonly slots: PerSlot<SlotOutputs>;
  /** For the program itself, to tell a change of the network; absent when an earlier version deployed. */
  readonly network?: NetworkMemory;
  /** The same of the stack's own load balancer; absent with a shared listener, too. */
  readonly entrance?: EntranceMemory;
}

/** Reads stack outputs as Pulumi gives them back; undefined when they are not (yet) those of this program. */
export function parseOutputs(raw: unknown): StackOutputs | undefined {
  if (!isRecord(raw) || !isRecord(raw["slots"]) || !isRecord(raw["split"])) return undefined;
  const { activeSlot, slots, split } = raw;
  const strings = textsOf(raw, ["url", "region", "routeArn", "loadBalancerSuffix", "clusterName"]);
  const numbers = numbersOf(raw, ["generation", "stickinessSeconds"]);
  const network = readNetwork(raw["network"]);
  const dnsName = textsOf(raw, ["loadBalancerDnsName"]);
  const entrance = readEntrance(raw["entrance"]);
  const shares = numbersOf(split, SLOTS);
  const blue = slotOutputs(slots["blue"]);
  const green = slotOutputs(slots["green"]);
  if (!isSlot(activeSlot) || !strings || !numbers || !shares || !blue || !green) return undefined;
  return {
    ...strings,
    ...numbers,
    ...dnsName,
    names: readOrigin(raw["names"]),
    activeSlot,
    split: perSlot((slot) => shares[slot]),
    slots: { blue, green },
    ...(network && { network }),
    ...(entrance && { entrance }),
  };
}

function slotOutputs(raw: unknown): SlotOutputs | undefined {
  if (!isRecord(raw)) return undefined;
  const arns = textsOf(raw, ["targetGroupArn", "targetGroupSuffix", "testTargetGroupArn"]);
  if (!arns) return undefined;
  const port = numbersOf(raw, ["targetGroupPort"]) ?? {};
  if (raw["running"] === undefined || raw["running"] === null)
    return { ...arns, ...port, running: undefined };
  const running = runningSlot(raw["running"]);
  return running && { ...arns, ...port, running };
}

function runningSlot(raw: unknown): RunningSlot | undefined {
  if (!isRecord(raw) || !isRecord(raw["alarms"])) return undefined;
  const strings = textsOf(raw, ["image", "modelVersion", "serviceName", "taskDefinitionArn", "slotAlarm"]);
  const numbers = numbersOf(raw, ["minTasks", "maxTasks"]);
  const alarms = alarmNames(raw["alarms"]);
  const remembered = isRecord(raw["definition"]) ? { definition: readDefinition(raw["definition"]) } : {};
  return strings && numbers && alarms && { ...strings, ...numbers, alarms, ...remembered };
}

function alarmNames(raw: Readonly<Record<string, unknown>>): AlarmNames | undefined {
  const first = textsOf(raw, FIRST_ALARM_KEYS);
  const there = textsOf(
    raw,
    ALARM_KEYS.filter((key) => raw[key] !== undefined),
  );
  return first && there && { ...there, ...first };
}

function pick<K extends string, T>(
  raw: Readonly<Record<string, unknown>>,
  keys: readonly K[],
  isWanted: (value: unknown) => value is T,
): Record<K, T> | undefined {
  const entries: [K, T][] = [];
  for (const key of keys) {
    const value = raw[key];
    if (!isWanted(value)) return undefined;
    entries.push([key, value]);
  }
  // Every key of K has been given a value above.
  return Object.fromEntries(entries) as Record<K, T>;
}

function textsOf<K extends string>(raw: Readonly<Record<string, unknown>>, keys: readonly K[]) {
  return pick(raw, keys, (value): value is string => typeof value === "string");
}

function numbersOf<K extends string>(raw: Readonly<Record<string, unknown>>, keys: readonly K[]) {
  return pick(raw, keys, (value): value is number => typeof value === "number");
}
