import * as v from "valibot";
import { ALARM_KEYS, FIRST_ALARM_KEYS, type AlarmKey } from "../alarms/alarm-catalog.ts";
import { isRecord } from "../config/field.ts";
import type { RememberedSections } from "./given-sections.ts";
import { readOrigin, type Origin } from "./names.ts";
import { SLOTS, type PerSlot, type Slot } from "../slot.ts";
import type { Split } from "../route/split.ts";
import { readEntrance, type EntranceMemory } from "../transition/entrance-memory.ts";
import { readNetwork, type NetworkMemory } from "../transition/network-memory.ts";
import { readDefinition, type Definition } from "../config/task-settings.ts";

/**
 * Names of a slot's alarms. Those that a later version added are absent until the stack's next update, and those of an
 * ECS service where there is none.
 */
export type AlarmNames = Readonly<Partial<Record<AlarmKey, string>>>;

/** What a slot with a model tells the tools. */
export interface RunningSlot {
  readonly image: string;
  readonly modelVersion: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Of ECS, as the task definition is; both absent: something else fills the slot (`service.kind` external). */
  readonly serviceName?: string | undefined;
  readonly taskDefinitionArn?: string | undefined;
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
  /** Of requests of cohorts, as above; absent: the slot has no such group, or an earlier version deployed. */
  readonly cohortTargetGroupSuffix?: string | undefined;
  /** That the groups were made with, for the program itself; absent when an earlier version deployed. */
  readonly targetGroupPort?: number;
  /** undefined: the slot is empty. */
  readonly running: RunningSlot | undefined;
}

/** The stack's outputs: how everything else finds things. */
export interface StackOutputs {
  /** Which of the stack's models; absent when 0.1 deployed, whose stacks had one, called as the project. */
  readonly model?: string | undefined;
  /** What the program gives in place of configuration; absent: nothing. */
  readonly given?: RememberedSections | undefined;
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
  /** For the program itself: whether the services have their test groups; absent when an earlier version deployed. */
  readonly hasTestGroup?: boolean | undefined;
}

const text = v.string();
const alarmNames = v.object(Object.fromEntries(ALARM_KEYS.map((key) => [key, v.optional(text)])));
/** What an earlier version did not write, and nobody needs to be told apart from what it wrote otherwise. */
const remembered = <T>(read: (raw: unknown) => T) => v.optional(v.pipe(v.unknown(), v.transform(read)));

const runningParts = v.object({
  image: text,
  modelVersion: text,
  minTasks: v.number(),
  maxTasks: v.number(),
  serviceName: v.optional(text),
  taskDefinitionArn: v.optional(text),
  // Its entries are made of the catalogue's keys, which their type does not say.
  alarms: v.pipe(
    alarmNames,
    v.transform((names) => names as AlarmNames),
  ),
  slotAlarm: text,
  definition: remembered((raw) => (isRecord(raw) ? readDefinition(raw) : undefined)),
});

/** A slot without a service, or its alarms, is one that something else fills, and says so: any other is not ours. */
const running = v.pipe(
  runningParts,
  v.check(
    ({ serviceName, taskDefinitionArn, alarms, definition }) =>
      definition?.kind === "external" ||
      (serviceName !== undefined &&
        taskDefinitionArn !== undefined &&
        FIRST_ALARM_KEYS.every((key) => alarms[key] !== undefined)),
  ),
);

const slot = v.pipe(
  v.object({
    targetGroupArn: text,
    targetGroupSuffix: text,
    testTargetGroupArn: text,
    cohortTargetGroupSuffix: v.fallback(v.optional(text), undefined),
    targetGroupPort: v.fallback(v.optional(v.number()), undefined),
    running: v.nullish(running),
  }),
  v.transform((own): SlotOutputs => ({ ...own, running: own.running ?? undefined })),
);

const outputs = v.object({
  model: v.fallback(v.optional(text), undefined),
  given: v.fallback(v.optional(v.record(text, v.unknown())), undefined),
  names: remembered(readOrigin),
  url: text,
  region: text,
  activeSlot: v.picklist(SLOTS),
  split: v.object({ blue: v.number(), green: v.number() }),
  generation: v.number(),
  routeArn: text,
  loadBalancerSuffix: text,
  loadBalancerDnsName: v.fallback(v.optional(text), undefined),
  clusterName: text,
  stickinessSeconds: v.number(),
  slots: v.object({ blue: slot, green: slot }),
  network: remembered(readNetwork),
  entrance: remembered(readEntrance),
  hasTestGroup: v.fallback(v.optional(v.boolean()), undefined),
});

/** Reads stack outputs as Pulumi gives them back; undefined when they are not (yet) those of this program. */
export function parseOutputs(raw: unknown): StackOutputs | undefined {
  const read = v.safeParse(outputs, raw);
  return read.success ? read.output : undefined;
}
