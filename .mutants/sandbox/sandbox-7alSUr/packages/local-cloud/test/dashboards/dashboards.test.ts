import { describe, expect, it } from "vitest";
import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import type { AwsError } from "../../aws-api/errors.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

const metric = (properties: object) => ({
  type: "metric",
  properties: { region: "eu-west-1", ...properties },
});
const REQUESTS = ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/lb/1"];
const ALARM = "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:blue";

function cloud() {
  const clock = new ManualClock();
  const store = createMetricStore({ clock });
  const { operations, dashboards } = createCloudWatch({ clock, region: "eu-west-1", store });
  const call = (operation: string, input: Record<string, unknown>) => operations[operation]?.(input);
  const put = (body: unknown, name = "main") =>
    call("PutDashboard", { DashboardName: name, DashboardBody: JSON.stringify(body) });
  const refused = (action: () => unknown): Pick<AwsError, "code" | "message"> => {
    try {
      action();
    } catch (error) {
      // Operations throw AwsError alone.
      const { code, message } = error as AwsError;
      return { code, message };
    }
    throw new Error("it was taken");
  };
  return { ...dashboards, call, put, refused };
}

describe("PutDashboard", () => {
  it.each<readonly [string, unknown]>([
    ["no widget", { widgets: [] }],
    ["a metric", { widgets: [metric({ metrics: [REQUESTS] })] }],
    [
      "the short forms",
      { widgets: [metric({ metrics: [REQUESTS, [".", "HTTPCode_Target_5XX_Count", ".", "."]] })] },
    ],
    [
      "an expression",
      { widgets: [metric({ metrics: [[{ expression: "a * 2", id: "b" }], [...REQUESTS, { id: "a" }]] })] },
    ],
    ["an alarm in place of metrics", { widgets: [metric({ annotations: { alarms: [ALARM] } })] }],
    [
      "a band between two lines",
      {
        widgets: [
          metric({ metrics: [REQUESTS], annotations: { horizontal: [[{ value: 1 }, { value: 2 }]] } }),
        ],
      },
    ],
    ["widgets of other kinds", { widgets: [{ type: "log", properties: { query: "fields @message" } }] }],
  ])("takes %s", (_name, body) => {
    expect(cloud().put(body)).toEqual({ DashboardValidationMessages: [] });
  });

  it.each<readonly [string, unknown, string, string]>([
    ["a body without widgets", {}, "/widgets", "Should have required property 'widgets'"],
    [
      "no region",
      { widgets: [{ type: "metric", properties: { metrics: [REQUESTS] } }] },
      "/widgets/0/properties/region",
      "required property 'region'",
    ],
    [
      "neither metrics nor an alarm",
      { widgets: [metric({})] },
      "/widgets/0/properties",
      "required property 'metrics'",
    ],
    [
      "a metric without its name",
      { widgets: [metric({ metrics: [["AWS/EC2"]] })] },
      "/widgets/0/properties/metrics/0",
      "array of array of strings",
    ],
    [
      "a dimension without its value",
      { widgets: [metric({ metrics: [["AWS/EC2", "CPUUtilization", "InstanceId"]] })] },
      "/widgets/0/properties/metrics/0",
      "array of array of strings",
    ],
    [
      "a colour by name",
      { widgets: [metric({ metrics: [[...REQUESTS, { color: "red" }]] })] },
      "/widgets/0/properties/metrics/0/4/color",
      "hex color",
    ],
    [
      "a period of 45 seconds",
      { widgets: [metric({ metrics: [REQUESTS], period: 45 })] },
      "/widgets/0/properties/period",
      "valid period",
    ],
    [
      "a widget wider than the grid",
      { widgets: [{ ...metric({ metrics: [REQUESTS] }), width: 25 }] },
      "/widgets/0/width",
      "",
    ],
    [
      "a property that no page names",
      { widgets: [metric({ metrics: [REQUESTS], titel: "x" })] },
      "/widgets/0/properties/titel",
      "Should NOT have the property 'titel'",
    ],
    [
      "an alarm widget without alarms",
      { widgets: [{ type: "alarm", properties: { alarms: [] } }] },
      "/widgets/0/properties/alarms",
      "",
    ],
    [
      "a name in place of an ARN",
      { widgets: [{ type: "alarm", properties: { alarms: ["blue"] } }] },
      "/widgets/0/properties/alarms/0",
      "ARN of an alarm",
    ],
    [
      "two alarms in one graph",
      { widgets: [metric({ annotations: { alarms: [ALARM, ALARM] } })] },
      "/widgets/0/properties/annotations/alarms",
      "exactly 1",
    ],
    ["an unknown type of widget", { widgets: [{ type: "poem", properties: {} }] }, "/widgets/0/type", ""],
    ["an end without a start", { end: "-PT1H", widgets: [] }, "", "required property 'start'"],
  ])("refuses %s, and says where", (_name, body, path, words) => {
    const { put, refused, names } = cloud();
    const { code, message } = refused(() => put(body));
    expect(code).toBe("DashboardInvalidInputError");
    expect(message).toMatch(/^The dashboard body is invalid, there are 1 validation errors:\n/);
    expect(message).toContain(`"dataPath": "${path}"`);
    expect(message).toContain(words);
    expect(names()).toEqual([]);
  });

  it("refuses text that is not JSON, and names that CloudWatch does not take", () => {
    const { call, refused } = cloud();
    const broken = refused(() => call("PutDashboard", { DashboardName: "main", DashboardBody: "{" }));
    expect(broken.message).toContain("valid JSON");
    const named = refused(() => call("PutDashboard", { DashboardName: "a b", DashboardBody: "{}" }));
    expect(named.code).toBe("ValidationException");
  });
});

describe("Dashboards", () => {
  it("come back as they were given, are listed by prefix, and are deleted together or not at all", () => {
    const { call, put, refused, snapshot, restore: _, names } = cloud();
    put({ widgets: [] });
    put({ widgets: [] }, "other");
    expect(call("GetDashboard", { DashboardName: "main" })).toEqual({
      DashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/main",
      DashboardBody: '{"widgets":[]}',
      DashboardName: "main",
    });
    expect(call("ListDashboards", { DashboardNamePrefix: "o" })).toMatchObject({
      DashboardEntries: [{ DashboardName: "other", Size: 14 }],
    });
    expect(refused(() => call("DeleteDashboards", { DashboardNames: ["main", "third"] })).code).toBe(
      "DashboardNotFoundError",
    );
    expect(names()).toEqual(["main", "other"]);
    const later = cloud();
    later.restore(JSON.parse(JSON.stringify(snapshot())));
    expect(later.names()).toEqual(["main", "other"]);
    call("DeleteDashboards", { DashboardNames: ["main"] });
    expect(refused(() => call("GetDashboard", { DashboardName: "main" })).code).toBe(
      "DashboardNotFoundError",
    );
  });

  it("of another format are refused", () => {
    expect(() => cloud().restore({ format: 2, dashboards: [] })).toThrow("format 2");
  });
});
