import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  ListDashboardsCommand,
} from "@aws-sdk/client-cloudwatch";
import { isRecord } from "../../../contract/config/field.ts";
import type { Clients } from "../aws/clients.ts";
import { allPages } from "../aws/pages.ts";
import { named, type Shelf } from "../things.ts";

type WatchingKind = "compositeAlarm" | "alarm" | "dashboard" | "logGroup";

/** Alarms, dashboards and log groups, by name. Custom metrics nobody can delete; they cost nothing without values. */
export function watchingShelves({ cloudWatch, raw }: Clients): Readonly<Record<WatchingKind, Shelf>> {
  const alarms = (type: "MetricAlarm" | "CompositeAlarm") =>
    allPages(async (NextToken) => {
      const page = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmTypes: [type], NextToken }));
      const found = [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])];
      return { items: found.map(({ AlarmName = "" }) => AlarmName), next: page.NextToken };
    });
  // API reference, DeleteAlarms: one composite alarm in a call, and not before those that name it.
  const removeAlarm = (name: string) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
  return {
    compositeAlarm: named("compositeAlarm", () => alarms("CompositeAlarm"), removeAlarm),
    alarm: named("alarm", () => alarms("MetricAlarm"), removeAlarm),
    dashboard: named(
      "dashboard",
      () =>
        allPages(async (NextToken) => {
          const page = await cloudWatch.send(new ListDashboardsCommand({ NextToken }));
          return {
            items: (page.DashboardEntries ?? []).map(({ DashboardName = "" }) => DashboardName),
            next: page.NextToken,
          };
        }),
      (name) => cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [name] })),
    ),
    logGroup: named(
      "logGroup",
      () =>
        allPages(async (nextToken) => {
          const page = await raw.json("logs", "DescribeLogGroups", {
            logGroupNamePattern: "bgtest-",
            ...(nextToken === undefined ? {} : { nextToken }),
          });
          const groups: unknown = page["logGroups"];
          const names = (Array.isArray(groups) ? groups : []).map((group) =>
            isRecord(group) ? String(group["logGroupName"]) : "",
          );
          return { items: names, next: textOr(page["nextToken"]) };
        }),
      (logGroupName) => raw.json("logs", "DeleteLogGroup", { logGroupName }),
    ),
  };
}

const textOr = (raw: unknown) => (typeof raw === "string" ? raw : undefined);
