import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALARM_KEYS } from "../contract/alarms/alarm-catalog.ts";
import { renderDashboard } from "../contract/alarms/dashboard.ts";
import { fullName } from "../contract/names/names.ts";
import { readsLabels } from "../contract/signals/label-metrics.ts";
import { perSlot } from "../contract/slot.ts";
import type { Place } from "./component/place.ts";
import type { LastingConfig } from "./config.ts";
import { identityOf } from "./names.ts";
import type { StackParts } from "./outputs.ts";

/** The stack's CloudWatch dashboard. Drawn from what lasts, so that a change of routing leaves it alone. */
export function createDashboard(
  place: Place,
  { thresholds, signals }: LastingConfig,
  { entrance, cluster, groups, running }: Omit<StackParts, "zones" | "place" | "config" | "route" | "hidden">,
): aws.cloudwatch.Dashboard {
  const slots = perSlot((slot) => {
    const alarms = running[slot]?.alarms;
    return {
      targetGroupSuffix: groups[slot].production.arnSuffix,
      serviceName: place.names.services[slot],
      alarmArns:
        alarms === undefined
          ? []
          : [alarms.composite.arn, ...ALARM_KEYS.flatMap((key) => alarms.byKey[key]?.arn ?? [])],
    };
  });
  const stack = fullName(identityOf(place));
  const body = pulumi
    .all([
      aws.getRegionOutput({}, place.asking).region,
      entrance.loadBalancerSuffix,
      cluster.name,
      pulumi.output(slots),
    ])
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
  return new aws.cloudwatch.Dashboard(
    place.name("dashboard"),
    { dashboardName: place.names.dashboard, dashboardBody: body },
    place.options("dashboard"),
  );
}
