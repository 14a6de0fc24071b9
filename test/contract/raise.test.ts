import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { raiseProblem, slotsToProve, type RouteMoment } from "../../contract/raise.ts";
import { routeTags } from "../../contract/route-tags.ts";
import { parseConfig } from "../../contract/stack-config.ts";
import { SLOTS, type Slot } from "../../contract/slot.ts";
import { splitOf } from "../../contract/split.ts";

/** The route with this share lent, and the tags of this release: `state on slot`. */
function route(activeSlot: Slot, lent: number, release?: string): RouteMoment {
  const [state, , slot] = release?.split(" ") ?? [];
  const written = { id: "r-1", slot, state, weight: lent };
  const parsed = parseConfig({
    "ml-blue-green:release": release === undefined ? "{}" : JSON.stringify(written),
  });
  const config = parsed.ok ? parsed.config : parsed.readable;
  return { weights: splitOf(activeSlot, lent), tags: { ...routeTags("dev", { ...config, activeSlot }) } };
}

describe("slots that must prove themselves before an update of the route", () => {
  it.each<[string, RouteMoment, RouteMoment, readonly Slot[]]>([
    ["a share lent", route("blue", 0), route("blue", 10), ["green"]],
    ["a share raised", route("blue", 10), route("blue", 50), ["green"]],
    ["a share raised to everything", route("green", 50), route("green", 100), ["blue"]],
    [
      "a step of a rollout",
      route("blue", 10, "running on green"),
      route("blue", 50, "running on green"),
      ["green"],
    ],
    ["the atomic switch", route("blue", 0), route("green", 0), ["green"]],
    ["a switch to a slot that has a share", route("blue", 10), route("green", 0), ["green"]],
    [
      "a switch back by hand",
      route("green", 0, "promoted on green"),
      route("blue", 0, "promoted on green"),
      ["blue"],
    ],
    [
      "a share lent by hand to the other slot of a release that was once rolled back",
      route("green", 0, "rolledBack on green"),
      route("green", 50, "rolledBack on green"),
      ["blue"],
    ],
    [
      "weights that are no numbers",
      route("blue", 0),
      { ...route("blue", 0), weights: { blue: Number.NaN, green: Number.NaN } },
      ["green"],
    ],
    [
      "a route that did not list the slot",
      { weights: { blue: 0, green: 100 }, tags: {} },
      route("blue", 0),
      ["blue"],
    ],
  ])("%s: the one that gets more users", (_, before, after, expected) => {
    expect(slotsToProve(before, after)).toEqual(expected);
  });

  it.each<[string, RouteMoment, RouteMoment]>([
    ["nothing changed", route("blue", 10), route("blue", 10)],
    ["a share lowered", route("blue", 50), route("blue", 10)],
    ["a share taken back", route("blue", 100), route("blue", 0)],
    ["a release rolled back", route("blue", 50, "running on green"), route("blue", 0, "rolledBack on green")],
    [
      "a promoted release rolled back",
      route("green", 0, "promoted on green"),
      route("blue", 0, "rolledBack on green"),
    ],
    [
      "a promotion of what has everything",
      route("blue", 100, "running on green"),
      route("green", 0, "promoted on green"),
    ],
  ])("%s: none", (_, before, after) => {
    expect(slotsToProve(before, after)).toEqual([]);
  });

  it("never hold a share that is taken back, whatever it was and is", () => {
    const share = fc.integer({ min: 0, max: 100 });
    const property = fc.property(fc.constantFrom(...SLOTS), share, share, (active, one, other) => {
      const [more, less] = [Math.max(one, other), Math.min(one, other)];
      expect(slotsToProve(route(active, more), route(active, less))).toEqual([]);
    });
    fc.assert(property);
  });
});

describe("a raise", () => {
  const [before, after] = [route("blue", 10), route("blue", 50)];

  it("is right when one target is healthy", () => {
    expect(raiseProblem("green", before, after, ["unhealthy", "healthy"])).toBeUndefined();
  });

  it.each([
    [[], "it has no registered target"],
    [["initial", "unhealthy"], "none of its targets is healthy (initial, unhealthy)"],
    [["draining"], "none of its targets is healthy (draining)"],
  ])("is wrong with targets %j, and the message says what mends it", (states, what) => {
    expect(raiseProblem("green", before, after, states)).toBe(
      `green would go from 10 to 50 % of the users, and ${what}. Nothing was changed. Wait until it is healthy ` +
        "(npx bluegreen status) and run the same command again, or take the change back: pulumi config set greenWeight 10",
    );
  });

  it("by the switch of the active slot is taken back by the switch", () => {
    expect(raiseProblem("green", route("blue", 0), route("green", 0), [])).toContain(
      "take the change back: pulumi config set activeSlot blue",
    );
  });
});
