import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { dashboardHandler, type DashboardData } from "../../dashboards/serve.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

export const MINUTE_MS = 60_000;
export const REGION = "eu-central-1";
const dimensions = { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/green/1" };

/** A CloudWatch with the metrics of one target group, and what its dashboard page would draw. */
export function drawingBoard() {
  const clock = new ManualClock();
  const store = createMetricStore({ clock, publishLagMs: 0 });
  const watch = createCloudWatch({ clock, region: REGION, store });
  const start = clock.now();
  const data = async (query = ""): Promise<DashboardData> => {
    const url = new URL(`http://127.0.0.1/dashboard/data${query}`);
    const handler = dashboardHandler(watch, clock, "npm run up");
    // The data path answers nothing else.
    return (await handler({ method: "GET", body: undefined, url })) as DashboardData;
  };
  return {
    clock,
    close: watch.close,
    data,
    count(metricName: string, minute: number, value: number) {
      const metric = { namespace: "AWS/ApplicationELB", metricName, dimensions, unit: "Count" } as const;
      store.series(metric).add(start + minute * MINUTE_MS, value, 1);
    },
    put: (body: object, name = "main") =>
      watch.operations["PutDashboard"]?.({ DashboardName: name, DashboardBody: JSON.stringify(body) }),
    async widgets(query?: string) {
      const { drawing } = await data(query);
      return drawing?.widgets ?? [];
    },
  };
}
