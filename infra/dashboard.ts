import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALARM_KEYS } from "../contract/alarms/alarm-catalog.ts";
import { renderDashboard } from "../contract/alarms/dashboard.ts";
import { fullName, type Names } from "../contract/names/names.ts";
import { readsLabels } from "../contract/signals/label-metrics.ts";
import { perSlot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import type { StackParts } from "./outputs.ts";

/** The stack's CloudWatch dashboard. Drawn from what lasts, so that a change of routing leaves it alone. */
export function createDashboard(
  names: Names,
  { thresholds, signals }: LastingConfig,
  { entrance, cluster, groups, running }: Omit<StackParts, "zones" | "names" | "config" | "route" | "hidden">,
): aws.cloudwatch.Dashboard {
  const slots = perSlot((slot) => {
    const alarms = running[slot]?.alarms;
    return {
      targetGroupSuffix: groups[slot].production.arnSuffix,
      serviceName: names.services[slot],
      alarmArns:
        alarms === undefined
          ? []
          : [alarms.composite.arn, ...ALARM_KEYS.flatMap((key) => alarms.byKey[key]?.arn ?? [])],
    };
  });
  const stack = fullName({ project: pulumi.getProject(), stack: pulumi.getStack() });
  const body = pulumi
    .all([aws.getRegionOutput().region, entrance.loadBalancerSuffix, cluster.name, pulumi.output(slots)])
    .apply(([region, loadBalancerSuffix, clusterName, slots]) =>
      JSON.stringify(
        renderDashboard({
          stack,
          region,
          loadBalancerSuffix,
          clusterName,
          thresholds,
          hasLabels: readsLabels({ signals }),
          slots,
        }),
      ),
    );
  return new aws.cloudwatch.Dashboard("dashboard", {
    dashboardName: names.dashboard,
    dashboardBody: body,
  });
}
