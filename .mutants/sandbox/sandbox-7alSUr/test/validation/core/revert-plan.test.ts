import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { routeTags } from "../../../contract/route/route-tags.ts";
import { RELEASE_STATES, type Release, type ReleaseState } from "../../../contract/release/release.ts";
import { otherSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { planRevert } from "../../../validation/core/changes/revert-plan.ts";

const release = (state: ReleaseState, slot: Slot): Release => ({
  id: "r",
  slot,
  digest: "",
  state,
  weight: 0,
  stepSince: "",
  deadline: "",
  liveSince: "",
  approvedSteps: [],
  retreats: [],
  fastTrack: "",
  owner: "",
  reason: "",
});
const tags = (active: Slot, state: ReleaseState | undefined) =>
  routeTags(
    { project: PROJECT, stack: "dev" },
    {
      activeSlot: active,
      release: state && release(state, "green"),
      service: { stickinessSeconds: 300 },
      rollout: { atDeadline: "hold", steps: [10, 100], watchdogManual: false },
    },
  );
const blue = (percent: number) => ({ blue: percent, green: 100 - percent });

describe("planRevert", () => {
  const table: readonly (readonly [string, Slot, ReleaseState | undefined, number, object])[] = [
    ["rolls a shifted share back", "blue", "running", 90, { kind: "move", to: "blue" }],
    ["moves all traffic back from a candidate at 100 %", "blue", "running", 0, { kind: "move", to: "blue" }],
    ["goes to the standby after a promotion", "green", "promoted", 0, { kind: "move", to: "blue" }],
    ["does not undo itself after a promotion", "green", "promoted", 100, { kind: "nothing", to: "blue" }],
    ["rolls back what a promoted slot shifts", "green", "promoted", 30, { kind: "move", to: "green" }],
    ["never sends everyone to a candidate", "blue", "running", 100, { kind: "nothing", to: "blue" }],
    [
      "never sends everyone to an untried candidate",
      "blue",
      "deployed",
      100,
      { kind: "nothing", to: "blue" },
    ],
    [
      "never sends everyone to what was rolled back",
      "blue",
      "rolledBack",
      100,
      { kind: "nothing", to: "blue" },
    ],
    ["goes to the other slot after a switch manually", "green", undefined, 0, { kind: "move", to: "blue" }],
    [
      "goes back after a switch manually to a candidate",
      "green",
      "deployed",
      0,
      { kind: "move", to: "blue" },
    ],
    [
      "goes back after a switch manually to what was rolled back",
      "green",
      "rolledBack",
      0,
      { kind: "move", to: "blue" },
    ],
  ];
  test.each(table)("%s", (_title, active, state, liveBlue, expected) => {
    expect(planRevert(blue(liveBlue), tags(active, state), undefined)).toMatchObject(expected);
  });

  test("obeys a person who names the slot", () => {
    expect(planRevert(blue(100), tags("blue", "rolledBack"), "green")).toMatchObject({
      kind: "move",
      to: "green",
    });
    expect(planRevert(blue(0), tags("blue", "rolledBack"), "green")).toMatchObject({ kind: "nothing" });
    // Some are there, and not all.
    expect(planRevert(blue(90), tags("blue", "running"), "green")).toMatchObject({
      kind: "move",
      to: "green",
    });
    expect(planRevert(blue(1), tags("blue", "running"), "green")).toMatchObject({
      kind: "move",
      to: "green",
    });
  });

  test("goes to the active slot when the weights are no whole percents", () => {
    expect(planRevert(undefined, tags("green", "running"), undefined)).toMatchObject({
      kind: "move",
      to: "green",
    });
  });

  test("does not plan for a rule that is not ours", () => {
    expect(planRevert(blue(50), {}, undefined)).toBeUndefined();
  });

  test("moves nobody when it is asked a second time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SLOTS),
        fc.constantFrom(...RELEASE_STATES),
        fc.integer({ min: 0, max: 100 }),
        (active, state, shifted) => {
          const first = planRevert(splitOf(active, shifted), tags(active, state), undefined);
          const again = first && planRevert(splitOf(first.to, 0), tags(active, state), undefined);
          const standby = otherSlot(active);
          // A share that the slot of the last release (green) has shifted goes back to it; the next revert then leaves for the standby.
          const twoSteps = active === "green" && first?.to === active && again?.to === standby;
          expect(again?.kind === "nothing" || twoSteps).toBe(true);
        },
      ),
    );
  });
});
