import { beforeEach, expect, it } from "vitest";
import { renderDashboard } from "../../../contract/alarms/dashboard.ts";
import { perSlot } from "../../../contract/slot.ts";
import {
  drawingBoard,
  MINUTE_MS,
  REGION,
} from "../../../packages/local-cloud/test/dashboards/drawing-board.ts";

const THRESHOLDS = {
  maxErrorRate: 0.05,
  maxSlowRate: 0.1,
  slowSeconds: 1,
  maxCpuUtilization: 90,
  maxMemoryUtilization: 90,
  minRequestsPerMinute: 5,
};

let board: ReturnType<typeof drawingBoard>;
beforeEach(() => {
  board = drawingBoard();
  return board.close;
});

it("the local cloud draws the stack's own dashboard from the cloud's metrics, every widget of it", async () => {
  [100, 40].forEach((value, minute) => board.count("RequestCount", minute, value));
  [90, 40].forEach((value, minute) => board.count("HTTPCode_Target_2XX_Count", minute, value));
  board.count("HTTPCode_Target_5XX_Count", 0, 5);
  for (const minute of [0, 1, 2]) board.count("HealthyHostCount", minute, 1);
  const alarmArns = [`arn:aws:cloudwatch:${REGION}:000000000000:alarm:gone`];
  board.put(
    renderDashboard({
      stack: "local",
      region: REGION,
      loadBalancerSuffix: "app/lb/1",
      hasLabels: false,
      clusterName: "cluster",
      thresholds: THRESHOLDS,
      slots: perSlot((slot) => ({
        targetGroupSuffix: `targetgroup/${slot}/1`,
        serviceName: slot,
        alarmArns: slot === "green" ? alarmArns : [],
      })),
    }),
  );
  board.clock.advance(3 * MINUTE_MS);
  const drawn = await board.widgets("?minutes=3");
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
