import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALARM_KEYS } from "../../contract/alarm-catalog.ts";
import {
  alarmName,
  loadBalancerName,
  logGroupName,
  stackSlug,
  targetGroupName,
  watchdogName,
} from "../../contract/names.ts";
import { SLOTS } from "../../contract/slot.ts";

/** Pulumi: letters, digits, hyphens, underscores and periods, at most 100. */
const stacks = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);

describe("the names of a stack's resources", () => {
  it("are the plain words for a plain stack", () => {
    expect(stackSlug("prod")).toBe("ml-blue-green-prod");
    expect(alarmName("prod-eu", "green", "cpu")).toBe("ml-blue-green-prod-eu-green-cpu");
  });

  it.each([
    ["prod_eu", "prod-eu"],
    ["Prod", "prod"],
    ["prod.eu", "prod_eu"],
    ["prod-", "prod"],
    [`${"a".repeat(90)}x`, `${"a".repeat(90)}y`],
  ])("tell %s from %s, which AWS could not: a cluster or an alarm would be made twice", (one, other) => {
    expect(stackSlug(one)).not.toBe(stackSlug(other));
  });

  it("fit AWS's limits, whatever Pulumi takes for the name of a stack", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        expect(stackSlug(stack)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        // IAM: a role's name has at most 64 characters; so have Lambda's functions and EventBridge's rules.
        for (const name of [`${stackSlug(stack)}-preview`, watchdogName(stack)]) {
          expect(name.length).toBeLessThanOrEqual(64);
        }
        const groups = SLOTS.flatMap((slot) =>
          (["production", "test"] as const).map((use) => targetGroupName(stack, slot, use, ["8080"])),
        );
        // ELB: at most 32 letters, digits and hyphens, none of these at the ends.
        for (const name of [...groups, loadBalancerName(stack)]) {
          expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
        }
        for (const slot of SLOTS) {
          expect(logGroupName(stack, slot).length).toBeLessThanOrEqual(512);
          for (const key of ALARM_KEYS) expect(alarmName(stack, slot, key).length).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
