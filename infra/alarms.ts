import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  ALARM_KEYS,
  alarmSpec,
  type AlarmKey,
  type AlarmQuery,
  type AlarmSpec,
  type MetricScope,
} from "../contract/alarm-catalog.ts";
import type { Slot } from "../contract/slot.ts";
import type { SlotGround, SlotService } from "./slot.ts";
import { slotTags } from "./tags.ts";
import type { TargetGroups } from "./target-groups.ts";

export interface SlotAlarms {
  readonly byKey: Readonly<Record<AlarmKey, aws.cloudwatch.MetricAlarm>>;
  /** In ALARM while any of them is: for paging and for the watchdog. */
  readonly composite: aws.cloudwatch.CompositeAlarm;
}

type Measured = Readonly<
  Record<
    MetricScope,
    { readonly namespace: string; readonly dimensions: Record<string, pulumi.Input<string>> }
  >
>;

/** The alarms of the catalogue for a slot that has a service; an empty slot has none. */
export function createAlarms(
  slot: Slot,
  { names, config, cluster, entrance, alarmActions }: SlotGround,
  { component: parent, production }: TargetGroups,
  { service }: SlotService,
): SlotAlarms {
  const measured: Measured = {
    targetGroup: {
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: entrance.loadBalancerSuffix, TargetGroup: production.arnSuffix },
    },
    service: {
      namespace: "AWS/ECS",
      dimensions: { ClusterName: cluster.name, ServiceName: service.name },
    },
  };
  const tags = { ...slotTags(names, slot) };
  const create = (key: AlarmKey) => {
    const spec = alarmSpec(key);
    const args = {
      name: names.alarm(slot, key),
      alarmDescription: `${slot}: ${spec.title}`,
      comparisonOperator: spec.comparison,
      threshold: spec.threshold(config.thresholds),
      datapointsToAlarm: spec.datapointsToAlarm,
      evaluationPeriods: spec.evaluationPeriods,
      treatMissingData: spec.treatMissingData,
      metricQueries: queriesOf(spec, spec.queries(config.thresholds), measured),
      tags,
    };
    return new aws.cloudwatch.MetricAlarm(`${slot}-${key}`, args, { parent });
  };
  // One entry for each key of the catalogue, so the record is whole.
  const byKey = Object.fromEntries(ALARM_KEYS.map((key) => [key, create(key)])) as SlotAlarms["byKey"];
  const scaledToZero = config.slots[slot].minTasks === 0;
  const composite = new aws.cloudwatch.CompositeAlarm(
    slot,
    {
      alarmName: names.slotAlarms[slot],
      alarmDescription: `${slot}: any of its alarms`,
      alarmRule: anyOf(
        ALARM_KEYS.filter((key) => !scaledToZero || !silenceBreaches(key)),
        byKey,
      ),
      alarmActions,
      tags,
    },
    { parent },
  );
  return { byKey, composite };
}

/** A slot that is scaled to zero is silent on purpose: an alarm that takes silence for failure must not page. */
function silenceBreaches(key: AlarmKey): boolean {
  return alarmSpec(key).treatMissingData === "breaching";
}

function anyOf(keys: readonly AlarmKey[], alarms: SlotAlarms["byKey"]): pulumi.Output<string> {
  return pulumi
    .all(keys.map((key) => alarms[key].name))
    .apply((all) => all.map((name) => `ALARM("${name}")`).join(" OR "));
}

function queriesOf(spec: AlarmSpec, queries: readonly AlarmQuery[], measured: Measured) {
  return queries.map((query, index) => {
    // CloudWatch: exactly one query returns data, and it is the one compared with the threshold.
    const returnData = index === queries.length - 1;
    if ("expression" in query)
      return { id: query.id, expression: query.expression, label: spec.title, returnData };
    const { namespace, dimensions } = measured[query.scope];
    const { metricName, stat } = query;
    return {
      id: query.id,
      metric: { namespace, metricName, dimensions, stat, period: spec.periodSeconds },
      returnData,
    };
  });
}
