import { beforeEach, describe, expect, it } from "vitest";
import type { DashboardData } from "../../dashboards/serve.ts";
import { drawingBoard, MINUTE_MS, REGION } from "./drawing-board.ts";

let board: ReturnType<typeof drawingBoard>;
beforeEach(() => {
  board = drawingBoard();
  return board.close;
});

describe("the dashboard page", () => {
  it("shows why it does not draw something, beside what it draws", async () => {
    const REQUESTS = ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/lb/1"];
    const graph = (metrics: unknown, stat = "Sum") => ({
      type: "metric",
      properties: { region: REGION, stat, metrics },
    });
    board.put({
      widgets: [
        { type: "log", properties: { query: "fields @message" } },
        graph([REQUESTS], "IQM"),
        graph([REQUESTS, [".", "HTTPCode_Target_5XX_Count", ".", "."]]),
        graph([REQUESTS]),
      ],
    });
    expect(await board.widgets("?minutes=5")).toMatchObject([
      { kind: "nothing", why: "the local cloud does not draw widgets of the type log" },
      { kind: "nothing", why: expect.stringContaining("IQM") },
      { kind: "nothing", why: expect.stringContaining("short form") },
      { kind: "graph", series: [{ label: "RequestCount", points: [] }] },
    ]);
  });

  it("is the first one in its own range, unless another is asked for", async () => {
    expect(await board.data()).toEqual({
      names: [],
      name: undefined,
      drawing: undefined,
      none: "no dashboard yet: npm run up",
    });
    board.put({ start: "-PT2H", widgets: [] }, "b");
    board.put({ widgets: [] }, "a");
    const range = (drawing: DashboardData["drawing"]) =>
      drawing && Math.round((drawing.endMs - drawing.startMs) / MINUTE_MS);
    const first = await board.data();
    expect(first).toMatchObject({ names: ["a", "b"], name: "a" });
    expect(range(first.drawing)).toBe(180);
    expect(range((await board.data("?name=b")).drawing)).toBe(120);
    expect(range((await board.data("?name=b&minutes=7")).drawing)).toBe(7);
    await expect(board.data("?minutes=0")).rejects.toThrow("from 1 to 1440");
  });
});
