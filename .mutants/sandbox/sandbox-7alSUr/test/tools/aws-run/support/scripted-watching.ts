import { page, type Handlers, type AccountThings } from "./account-things.ts";

/** CloudWatch: alarms stand, and nothing has a point. */
export function scriptedWatching(account: AccountThings): Handlers {
  return {
    "cloudWatch PutMetricData": () => ({}),
    "cloudWatch PutMetricAlarm": ({ AlarmName, Tags }) => {
      account.add("alarm", String(AlarmName), Tags);
      return {};
    },
    "cloudWatch GetMetricData": () => ({ MetricDataResults: [] }),
    "cloudWatch DescribeAlarms": ({ AlarmNames, AlarmTypes, NextToken }) => {
      const types = AlarmTypes as readonly string[];
      const names = (kind: string) =>
        account
          .ids(kind)
          .filter((name) => (AlarmNames as readonly string[] | undefined)?.includes(name) ?? true);
      const alarms = (kind: string) =>
        names(kind).map((AlarmName) => ({ AlarmName, StateValue: "INSUFFICIENT_DATA" }));
      const all = [
        ...(types.includes("MetricAlarm") ? alarms("alarm") : []),
        ...(types.includes("CompositeAlarm") ? alarms("compositeAlarm") : []),
      ];
      if (AlarmNames !== undefined) return { MetricAlarms: all };
      const { items, next } = page(all, NextToken);
      return { MetricAlarms: items, NextToken: next };
    },
    "cloudWatch DeleteAlarms": ({ AlarmNames }) => {
      for (const name of AlarmNames as readonly string[]) account.remove(name, "ResourceNotFound");
      return {};
    },
    "cloudWatch ListDashboards": ({ NextToken }) => {
      const { items, next } = page(account.ids("dashboard"), NextToken);
      return { DashboardEntries: items.map((DashboardName) => ({ DashboardName })), NextToken: next };
    },
    "cloudWatch DeleteDashboards": ({ DashboardNames }) => {
      for (const name of DashboardNames as readonly string[]) account.remove(name, "ResourceNotFound");
      return {};
    },
    "logs DescribeLogGroups": ({ nextToken }) => {
      const { items, next } = page(account.ids("logGroup"), nextToken);
      return { logGroups: items.map((logGroupName) => ({ logGroupName })), nextToken: next };
    },
    "logs DeleteLogGroup": ({ logGroupName }) => {
      account.remove(String(logGroupName), "ResourceNotFoundException");
      return {};
    },
  };
}
