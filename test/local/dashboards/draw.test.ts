import { beforeEach, describe, expect, it } from "vitest";
import { renderDashboard } from "../../../contract/alarms/dashboard.ts";
import { perSlot } from "../../../contract/slot.ts";
import { createCloudWatch, type CloudWatch } from "../../../packages/local-cloud/alarms/cloudwatch.ts";
import { dashboardHandler, type DashboardData } from "../../../packages/local-cloud/dashboards/serve.ts";
import { createMetricStore } from "../../../packages/local-cloud/metrics/store.ts";
import { ManualClock } from "../../../packages/local-cloud/test/support/manual-clock.ts";

const MINUTE = 60_000;
const REGION = "eu-central-1";
const THRESHOLDS = {
  maxErrorRate: 0.05,
  maxSlowRate: 0.1,
  slowSeconds: 1,
  maxCpuUtilization: 90,
  maxMemoryUtilization: 90,
  minRequestsPerMinute: 5,
};
const dimensions = { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/green/1" };

let clock: ManualClock;
let watch: CloudWatch;
let count: (metricName: string, minute: number, value: number) => void;
beforeEach(() => {
  clock = new ManualClock();
  const store = createMetricStore({ clock, publishLagMs: 0 });
  watch = createCloudWatch({ clock, region: REGION, store });
  const start = clock.now();
  count = (metricName, minute, value) => {
    const metric = { namespace: "AWS/ApplicationELB", metricName, dimensions, unit: "Count" } as const;
    store.series(metric).add(start + minute * MINUTE, value, 1);
  };
  return () => watch.close();
});

const put = (body: object, name = "main") =>
  watch.operations["PutDashboard"]?.({ DashboardName: name, DashboardBody: JSON.stringify(body) });

async function data(query = ""): Promise<DashboardData> {
  const url = new URL(`http://127.0.0.1/dashboard/data${query}`);
  // The data path answers nothing else.
  return (await dashboardHandler(watch, clock)({ method: "GET", body: undefined, url })) as DashboardData;
}

async function widgets(query?: string) {
  const { drawing } = await data(query);
  return drawing?.widgets ?? [];
}

describe("The dashboard of the local cloud", () => {
  it("draws the stack's own dashboard from the cloud's metrics, every widget of it", async () => {
    [100, 40].forEach((value, minute) => count("RequestCount", minute, value));
    [90, 40].forEach((value, minute) => count("HTTPCode_Target_2XX_Count", minute, value));
    count("HTTPCode_Target_5XX_Count", 0, 5);
    for (const minute of [0, 1, 2]) count("HealthyHostCount", minute, 1);
    const alarmArns = [`arn:aws:cloudwatch:${REGION}:000000000000:alarm:gone`];
    put(
      renderDashboard({
        stack: "local",
        region: REGION,
        loadBalancerSuffix: "app/lb/1",
        clusterName: "cluster",
        thresholds: THRESHOLDS,
        slots: perSlot((slot) => ({
          targetGroupSuffix: `targetgroup/${slot}/1`,
          serviceName: slot,
          alarmArns: slot === "green" ? alarmArns : [],
        })),
      }),
    );
    clock.advance(3 * MINUTE);
    const drawn = await widgets("?minutes=3");
    expect(drawn.filter(({ kind }) => kind === "nothing")).toEqual([]);
    const graph = (title: string) => drawn.find((one) => one.kind === "graph" && one.title.startsWith(title));
    const values = (title: string) => {
      const found = graph(title);
      const series = found?.kind === "graph" ? found.series : [];
      return Object.fromEntries(series.map(({ label, points }) => [label, points.map(([, value]) => value)]));
    };
    expect(values("green: requests a minute")).toMatchObject({
      requests: [100, 40, 0],
      "answered 5xx": [5, 0, 0],
      unanswered: [5, 0, 0],
    });
    expect(values("green: share of answers that were 5xx")).toEqual({ "error-rate": [5 / 95, 0, 0] });
    expect(values("green: share of requests that got no answer")).toEqual({
      "unanswered-rate": [0.05, 0, 0],
    });
    expect(graph("green: share of answers that were 5xx")).toMatchObject({ lines: [{ value: 0.05 }] });
    expect(drawn.find(({ kind }) => kind === "alarms")).toMatchObject({
      alarms: [{ name: "gone", state: "does not exist" }],
    });
  });

  it("shows why it does not draw something, beside what it draws", async () => {
    const REQUESTS = ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/lb/1"];
    const graph = (metrics: unknown, stat = "Sum") => ({
      type: "metric",
      properties: { region: REGION, stat, metrics },
    });
    put({
      widgets: [
        { type: "log", properties: { query: "fields @message" } },
        graph([REQUESTS], "IQM"),
        graph([REQUESTS, [".", "HTTPCode_Target_5XX_Count", ".", "."]]),
        graph([REQUESTS]),
      ],
    });
    expect(await widgets("?minutes=5")).toMatchObject([
      { kind: "nothing", why: "the local cloud does not draw widgets of the type log" },
      { kind: "nothing", why: expect.stringContaining("IQM") },
      { kind: "nothing", why: expect.stringContaining("short form") },
      { kind: "graph", series: [{ label: "RequestCount", points: [] }] },
    ]);
  });

  it("is the first one in its own range, unless another is asked for", async () => {
    expect(await data()).toEqual({ names: [], name: undefined, drawing: undefined });
    put({ start: "-PT2H", widgets: [] }, "b");
    put({ widgets: [] }, "a");
    const range = (drawing: DashboardData["drawing"]) =>
      drawing && Math.round((drawing.endMs - drawing.startMs) / MINUTE);
    const first = await data();
    expect(first).toMatchObject({ names: ["a", "b"], name: "a" });
    expect(range(first.drawing)).toBe(180);
    expect(range((await data("?name=b")).drawing)).toBe(120);
    expect(range((await data("?name=b&minutes=7")).drawing)).toBe(7);
    await expect(data("?minutes=0")).rejects.toThrow("from 1 to 1440");
  });
});
