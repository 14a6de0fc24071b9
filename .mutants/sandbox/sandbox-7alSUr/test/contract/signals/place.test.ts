import { expect, test } from "vitest";
import { dimensionsAt, tellsSlots } from "../../../contract/signals/place.ts";

const GREEN = {
  slot: "green",
  stack: "prod",
  targetGroup: "targetgroup/green/1",
  loadBalancer: "app/lb/2",
} as const;

test("a metric of a target group is named by what the slot's own target group and the load balancer are called", () => {
  const written = { TargetGroup: "{targetGroup}", LoadBalancer: "{loadBalancer}" };
  expect(dimensionsAt(written, GREEN)).toEqual({
    TargetGroup: "targetgroup/green/1",
    LoadBalancer: "app/lb/2",
  });
});

test("a metric of the model's own is named by the slot and the stack that its container was told", () => {
  const written = { Slot: "{slot}", Where: "models/{stack}/{slot}" };
  expect(dimensionsAt(written, GREEN)).toEqual({ Slot: "green", Where: "models/prod/green" });
});

test.each([
  ["are the same for both slots", { LoadBalancer: "{loadBalancer}", Stack: "{stack}" }],
  ["are none", {}],
  ["have a word in braces that stands for nothing", { Slot: "{slot}", Group: "{target-group}" }],
])("dimensions that %s do not tell the slots apart", (_title, dimensions) => {
  expect(tellsSlots(dimensions)).toBe(false);
});
