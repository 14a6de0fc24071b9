import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALARM_KEYS } from "../contract/alarms/alarm-catalog.ts";
import type { SlotConfig } from "../contract/config/keys.ts";
import type { Place } from "./component/place.ts";
import type { RememberedSections } from "../contract/names/given-sections.ts";
import type { RunningSlot, SlotOutputs, StackOutputs } from "../contract/names/outputs.ts";
import { perSlot, SLOTS, type PerSlot } from "../contract/slot.ts";
import { hasTestGroup, type StackConfig } from "../contract/config/stack-config.ts";
import { definitionOf } from "../contract/config/task-settings.ts";
import { variablesOf, type Variables } from "../contract/config/variables.ts";
import { networkMemory } from "../contract/transition/network-memory.ts";
import type { SlotAlarms } from "./slot/alarms.ts";
import type { Entrance } from "./network/load-balancer.ts";
import type { GivenCluster } from "./cluster.ts";
import type { RouteParts } from "./route.ts";
import type { SlotService } from "./slot/service.ts";
import type { TargetGroups } from "./slot/target-groups.ts";

/** A type whose every part may still be on its way. */
type Pending<T> = pulumi.Input<T extends object ? { readonly [K in keyof T]: Pending<T[K]> } : T>;

// A model version is optional in the configuration and text in the outputs.
const UNVERSIONED = "unversioned";

/** What the parts of a running slot are made of. */
export interface RunningParts extends SlotService {
  readonly alarms: SlotAlarms;
}

export interface StackParts {
  /** What the model is called, in the program and on AWS. */
  readonly place: Place;
  readonly config: StackConfig;
  /** Slots whose variables are kept secret. */
  readonly hidden: PerSlot<boolean>;
  /** Zones of the stack's own VPC; undefined: not chosen here. */
  readonly zones: readonly string[] | undefined;
  readonly entrance: Entrance;
  readonly groups: PerSlot<TargetGroups>;
  readonly route: RouteParts;
  readonly cluster: GivenCluster;
  readonly running: PerSlot<RunningParts | undefined>;
}

/** The stack's outputs, in the shape that `parseOutputs` of the contract reads. */
export function stackOutputs(
  parts: StackParts,
  given: RememberedSections = {},
): {
  readonly [K in keyof StackOutputs]: Pending<StackOutputs[K]>;
} & { readonly variables: pulumi.Input<PerSlot<Variables>> } {
  const { place, config, hidden, zones, entrance, groups, route, cluster, running } = parts;
  const variables = perSlot((slot) => variablesOf(config, slot));
  return {
    model: place.model,
    ...(Object.keys(given).length === 0 ? {} : { given }),
    names: place.names.origin,
    url: entrance.url,
    region: aws.getRegionOutput({}, place.asking).region,
    activeSlot: config.activeSlot,
    // What was asked for, and not what the rule came back with: an emergency write may have come in between, and the next
    // update is judged by what Pulumi believes of the users.
    split: config.split,
    generation: config.generation,
    routeArn: route.rule.arn,
    loadBalancerSuffix: entrance.loadBalancerSuffix,
    loadBalancerDnsName: entrance.loadBalancerDnsName,
    clusterName: pulumi.output(cluster.name),
    stickinessSeconds: config.service.stickinessSeconds,
    network: networkMemory(config.network, zones),
    ...(entrance.memory && { entrance: entrance.memory }),
    hasTestGroup: hasTestGroup(config),
    // An output of its own: with one secret in it, Pulumi shows nobody any of `slots`.
    variables: SLOTS.some((slot) => hidden[slot]) ? pulumi.secret(variables) : variables,
    slots: perSlot((slot): Pending<SlotOutputs> => {
      const parts = running[slot];
      return {
        targetGroupArn: groups[slot].production.arn,
        targetGroupSuffix: groups[slot].production.arnSuffix,
        testTargetGroupArn: groups[slot].test.arn,
        ...(groups[slot].cohort && { cohortTargetGroupSuffix: groups[slot].cohort.arnSuffix }),
        targetGroupPort: groups[slot].port,
        running: parts && runningOutputs(config.slots[slot], parts, hidden[slot]),
      };
    }),
  };
}

function runningOutputs(
  { modelVersion = UNVERSIONED, minTasks, maxTasks }: SlotConfig,
  { settings, service, taskDefinitionArn, alarms }: RunningParts,
  isHidden: boolean,
): Pending<RunningSlot> {
  const names = Object.fromEntries(
    ALARM_KEYS.flatMap((key) => (alarms.byKey[key] === undefined ? [] : [[key, alarms.byKey[key].name]])),
  );
  const { image, environment, ...others } = definitionOf(settings);
  // Of a secret no digest either; `variables` remembers it.
  const definition = isHidden ? others : { ...others, environment };
  return {
    image,
    modelVersion,
    minTasks,
    maxTasks,
    ...(service === undefined ? {} : { serviceName: service.name, taskDefinitionArn }),
    alarms: names,
    slotAlarm: alarms.composite.alarmName,
    definition,
  };
}
