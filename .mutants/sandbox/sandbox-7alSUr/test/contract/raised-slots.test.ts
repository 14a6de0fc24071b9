import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  raiseProblem,
  slotsToProve,
  type RouteChange,
  type RouteMoment,
  type SlotProof,
} from "../../contract/route/raised-slots.ts";
import { PROJECT } from "../support/project.ts";
import { routeTags } from "../../contract/route/route-tags.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { SLOTS, type Slot } from "../../contract/slot.ts";
import { splitOf } from "../../contract/route/split.ts";

/** The route with this share shifted, and the tags of this release: `state on slot`. */
function route(activeSlot: Slot, shifted: number, release?: string): RouteMoment {
  const [state, , slot] = release?.split(" ") ?? [];
  const written = { id: "r-1", slot, state, weight: shifted };
  const parsed = parseConfig({
    release: release === undefined ? "{}" : JSON.stringify(written),
  });
  const config = parsed.ok ? parsed.config : parsed.readable;
  return {
    weights: splitOf(activeSlot, shifted),
    tags: { ...routeTags({ project: PROJECT, stack: "dev" }, { ...config, activeSlot }) },
  };
}

const change = (before: RouteMoment, after: RouteMoment, ...moved: readonly Slot[]): RouteChange => ({
  before,
  after,
  moved,
});
const NOTHING: RouteMoment = { weights: { blue: 0, green: 0 }, tags: {} };

describe("slots that must prove themselves before an update of the route", () => {
  it.each<[string, RouteMoment, RouteMoment, readonly Slot[]]>([
    ["a share shifted", route("blue", 0), route("blue", 10), ["green"]],
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
      "a switch back manually",
      route("green", 0, "promoted on green"),
      route("blue", 0, "promoted on green"),
      ["blue"],
    ],
    [
      "a traffic share shifted manually to the other slot of a release that was once rolled back",
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
    expect(slotsToProve(change(before, after))).toEqual(expected);
  });

  it.each<[string, RouteMoment, RouteMoment]>([
    ["nothing changed", route("blue", 10), route("blue", 10)],
    ["a share lowered", route("blue", 50), route("blue", 10)],
    ["a share rolled back", route("blue", 100), route("blue", 0)],
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
    expect(slotsToProve(change(before, after))).toEqual([]);
  });

  it("never hold a share that is rolled back, whatever it was and is", () => {
    const share = fc.integer({ min: 0, max: 100 });
    const property = fc.property(fc.constantFrom(...SLOTS), share, share, (active, one, other) => {
      const [more, less] = [Math.max(one, other), Math.min(one, other)];
      expect(slotsToProve(change(route(active, more), route(active, less)))).toEqual([]);
    });
    fc.assert(property);
  });
});

describe("slots whose target group is new to the route", () => {
  it.each<[string, RouteChange, readonly Slot[]]>([
    ["a new route", change(NOTHING, route("blue", 10), "blue", "green"), ["blue", "green"]],
    ["a new route with one slot's users", change(NOTHING, route("blue", 0), "blue", "green"), ["blue"]],
    [
      "another group of the active slot",
      change({ ...route("blue", 0), weights: { blue: 0, green: 0 } }, route("blue", 0), "blue"),
      ["blue"],
    ],
    [
      "another group of the slot that a release is rolled back to",
      change(NOTHING, route("blue", 0, "rolledBack on green"), "blue"),
      ["blue"],
    ],
    ["another group of a slot without users", change(route("blue", 0), route("blue", 0), "green"), []],
  ])("%s: those that get users there", (_, step, expected) => {
    expect(slotsToProve(step)).toEqual(expected);
  });
});

const REVISION = "arn:aws:ecs:us-east-1:000000000000:task-definition/digits-green:";
const runs = (revision: number, rolloutState = "COMPLETED") => ({
  taskDefinitionArn: `${REVISION}${revision}`,
  rolloutState,
});
const proof = (part: Partial<SlotProof>): SlotProof => ({
  states: ["healthy"],
  requested: `${REVISION}9`,
  isExternal: false,
  primary: runs(9),
  ...part,
});

describe("a raise", () => {
  const raised = change(route("blue", 10), route("blue", 50));
  const problemWith = (part: Partial<SlotProof>) => raiseProblem("green", raised, proof(part));
  const BACK = "undo the change: pulumi config set greenWeight 10";

  it("is right when one target is healthy and what runs is what was asked for", () => {
    expect(problemWith({ states: ["unhealthy", "healthy"] })).toBeUndefined();
  });

  it.each([
    [[], "it has no registered target"],
    [["initial", "unhealthy"], "none of its targets is healthy (initial, unhealthy)"],
    [["draining"], "none of its targets is healthy (draining)"],
    [["unused"], "none of its targets is healthy (unused)"],
  ])("is wrong with targets %j, and the message says what fixes it", (states, what) => {
    expect(problemWith({ states })).toBe(
      `green would go from 10 to 50 % of the users, and ${what}. Nothing was changed. Wait until it is healthy ` +
        `(npx bluegreen status) and run the same command again, or ${BACK}`,
    );
  });

  it("is wrong while the former model runs, to which ECS went back, however healthy it is", () => {
    expect(problemWith({ primary: runs(8) })).toBe(
      "green would go from 10 to 50 % of the users, and it runs digits-green:8 where digits-green:9 was asked for: " +
        "ECS went back to it, or somebody changed the service. Nothing was changed. See why (npx bluegreen logs green), " +
        `deploy a model that runs and run the same command again, or ${BACK}`,
    );
  });

  it.each([
    ["goes on", { primary: runs(9, "IN_PROGRESS") }, "its deployment of digits-green:9 is IN_PROGRESS"],
    ["failed", { primary: runs(9, "FAILED") }, "its deployment of digits-green:9 is FAILED"],
    [
      "says nothing of itself",
      { primary: runs(9, "unknown") },
      "its deployment of digits-green:9 is unknown",
    ],
    [
      "is not there",
      { primary: undefined },
      "ECS runs no service for it, where digits-green:9 was asked for",
    ],
    ["was never asked for", { requested: undefined }, "no update has deployed a model there"],
  ])("is wrong while a deployment %s", (_title, part, what) => {
    expect(problemWith(part)).toContain(`${what}. Nothing was changed. `);
  });

  it("by the switch of the active slot is rolled back by the switch", () => {
    const switched = change(route("blue", 0), route("green", 0));
    expect(raiseProblem("green", switched, proof({ states: [] }))).toContain(
      "undo the change: pulumi config set activeSlot blue",
    );
  });

  it("to a target group that is new to the route is right when ELB has checked none of its targets yet", () => {
    const moved = change(NOTHING, route("green", 0), "green");
    expect(raiseProblem("green", moved, proof({ states: ["unused", "unused"] }))).toBeUndefined();
    expect(raiseProblem("green", moved, proof({ states: [] }))).toBe(
      "the route would lead 100 % of the users to a target group of green that is new to it, and it has no registered " +
        "target. Nothing was changed. Undo the change: pulumi preview --diff shows what replaces it",
    );
  });
});
