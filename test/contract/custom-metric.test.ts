import { expect, test } from "vitest";
import { dimensionsOf, readCustomMetric } from "../../contract/config/custom-metric.ts";

const metric = (dimensions: Readonly<Record<string, string>>) => ({
  name: "own",
  namespace: "Own",
  metricName: "Wrong",
  dimensions,
});
const GREEN = { slot: "green", targetGroup: "targetgroup/green/1", loadBalancer: "app/lb/2" } as const;

test("a metric of a target group is named by what the slot's own target group and the load balancer are called", () => {
  const written = metric({ TargetGroup: "{targetGroup}", LoadBalancer: "{loadBalancer}" });
  const read = readCustomMetric(written);
  expect(read && dimensionsOf(read, GREEN)).toEqual({
    TargetGroup: "targetgroup/green/1",
    LoadBalancer: "app/lb/2",
  });
});

test("a metric of the model's own is named by the slot that its container was told", () => {
  const read = readCustomMetric(metric({ Slot: "{slot}", Where: "models/{slot}" }));
  expect(read && dimensionsOf(read, GREEN)).toEqual({ Slot: "green", Where: "models/green" });
});

test.each([
  ["that is the same for both slots", { LoadBalancer: "{loadBalancer}" }],
  ["without dimensions", {}],
  ["with a word in braces that stands for nothing", { Slot: "{slot}", Group: "{target-group}" }],
])("one %s is refused", (_title, dimensions) => {
  expect(readCustomMetric(metric(dimensions))).toBeUndefined();
});
