import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  ALARM_KEYS,
  alarmSpec,
  asksService,
  type AlarmKey,
  type AlarmQuery,
  type AlarmSpec,
  type MetricScope,
} from "../../contract/alarms/alarm-catalog.ts";
import type { Slot } from "../../contract/slot.ts";
import type { TaskSettings } from "../../contract/config/task-settings.ts";
import type { SlotGround } from "./ground.ts";
import type { SlotService } from "./service.ts";
import { slotTags } from "../tags.ts";
import type { TargetGroups } from "./target-groups.ts";

export interface SlotAlarms {
  /** Without those that are not for such a slot. */
  readonly byKey: Readonly<Partial<Record<AlarmKey, aws.cloudwatch.MetricAlarm>>>;
  /** In ALARM while any is that pages: for people and for the watchdog. */
  readonly composite: aws.cloudwatch.CompositeAlarm;
}

type Measured = Readonly<
  Record<
    MetricScope,
    { readonly namespace: string; readonly dimensions: Record<string, pulumi.Input<string>> }
  >
>;

/** The alarms of the catalogue for a slot that has a model; an empty slot has none. */
export function createAlarms(
  slot: Slot,
  { place, config, cluster, entrance, alarmActions }: SlotGround,
  { component: parent, production }: TargetGroups,
  { service, settings }: SlotService,
): SlotAlarms {
  const measured: Measured = {
    targetGroup: {
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: entrance.loadBalancerSuffix, TargetGroup: production.arnSuffix },
    },
    service: {
      namespace: "AWS/ECS",
      dimensions: { ClusterName: cluster.name, ServiceName: service?.name ?? place.names.services[slot] },
    },
  };
  const tags = { ...slotTags(place, slot) };
  const create = (key: AlarmKey) => {
    const spec = alarmSpec(key);
    const args = {
      name: place.names.alarm(slot, key),
      alarmDescription: `${slot}: ${spec.title}`,
      comparisonOperator: spec.comparison,
      threshold: spec.threshold(config.thresholds),
      datapointsToAlarm: spec.datapointsToAlarm,
      evaluationPeriods: spec.evaluationPeriods,
      treatMissingData: spec.treatMissingData,
      ...(silenceBreaches(key) ? { warmUpConfiguration: warmUpOf(settings) } : {}),
      metricQueries: queriesOf(spec, spec.queries(config.thresholds), measured),
      tags,
    };
    return new aws.cloudwatch.MetricAlarm(
      place.name(`${slot}-${key}`),
      place.transform("alarm", `${slot}-${key}`, args),
      place.options(`${slot}-${key}`, parent),
    );
  };
  // A slot that is scaled to zero is silent on purpose. Its next tasks get a new alarm, which waits for them to start.
  const isSilent = config.slots[slot].minTasks === 0;
  const keys = ALARM_KEYS.filter(
    (key) =>
      (!isSilent || !silenceBreaches(key)) &&
      // What something else fills has no service that could measure it.
      (service !== undefined || !asksService(alarmSpec(key), config.thresholds)),
  );
  const alarms = keys.map((key) => ({ key, alarm: create(key) }));
  const composite = new aws.cloudwatch.CompositeAlarm(
    place.name(slot),
    place.transform("slotAlarm", slot, {
      alarmName: place.names.slotAlarms[slot],
      alarmDescription: `${slot}: any of its alarms that page`,
      alarmRule: anyOf(alarms.filter(({ key }) => alarmSpec(key).pages).map(({ alarm }) => alarm)),
      alarmActions,
      tags,
    }),
    place.options(slot, parent),
  );
  return { byKey: Object.fromEntries(alarms.map(({ key, alarm }) => [key, alarm])), composite };
}

/** Minutes that the first task may take beyond its own start: capacity, image, first health checks, CloudWatch. */
const PLACED_MINUTES = 15;

function warmUpOf({ startupSeconds }: TaskSettings) {
  return {
    warmUpPeriodDurationInMinutes: PLACED_MINUTES + Math.ceil(startupSeconds / 60),
    // While a task loads its model there is data, of no healthy one.
    onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  };
}

function silenceBreaches(key: AlarmKey): boolean {
  return alarmSpec(key).treatMissingData === "breaching";
}

function anyOf(alarms: readonly aws.cloudwatch.MetricAlarm[]): pulumi.Output<string> {
  return pulumi
    .all(alarms.map(({ name }) => name))
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
