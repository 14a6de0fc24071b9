import { describe, expect, it } from "vitest";
import { describeRefusals } from "../support/refusals.ts";
import { blue, green, problemsOf, release } from "../support/steps.ts";

/** Blue serves everyone with 20 tasks, and green has what 10 % of them need. */
const following = {
  blue: { ...blue, minTasks: 20, maxTasks: 40 },
  green: { ...green, minTasks: 3, maxTasks: 40 },
  rollout: { capacity: "share" },
  greenWeight: 10,
  release: { ...release, prepared: { own: 20, raised: 3, forPercent: 10 } },
};

const capped = {
  ...following,
  green: { ...following.green, maxTasks: 3 },
  release: { ...following.release, state: "deployed", weight: 0 },
};

describeRefusals("a candidate whose tasks follow its share has too few for it", [
  {
    title: "a share that was configured manually",
    before: following,
    after: { ...following, greenWeight: 50 },
    says: [
      "greenWeight is 50; allowed: at most 10 until green has at least 12 tasks (it has 3: rollout.capacity), which rollout gives it by itself. Fix it: pulumi config set greenWeight 10 && pulumi config set --path green.minTasks 12 && pulumi up",
    ],
  },
  {
    title: "a first share while its greatest number is the one that took the former model's tasks away",
    before: { ...capped, greenWeight: 0 },
    after: { ...capped, greenWeight: 25 },
    says: [
      "greenWeight is 25; allowed: 0 until green has at least 6 tasks (it has 3: rollout.capacity), which rollout gives it by itself. Fix it: pulumi config set greenWeight 0 && pulumi config set --path green.maxTasks 6 && pulumi config set --path green.minTasks 6 && pulumi up",
    ],
  },
  {
    title: "everyone by a switch",
    before: following,
    after: { ...following, activeSlot: "green", greenWeight: 0 },
    says: [
      "activeSlot is green; allowed: blue until green has at least 20 tasks (it has 3: rollout.capacity), which rollout gives it by itself. Fix it: pulumi config set-all --plaintext activeSlot=blue --plaintext greenWeight=10 && pulumi config set --path green.minTasks 20 && pulumi up",
    ],
  },
]);

describe("an update passes that", () => {
  it("gives a candidate no more than it has the tasks for", () => {
    expect(problemsOf(following, { ...following, green: { ...following.green, minTasks: 12 } })).toEqual([]);
    const ready = { ...following, green: { ...following.green, minTasks: 12 } };
    expect(problemsOf(ready, { ...ready, greenWeight: 50 })).toEqual([]);
  });

  it("gives all users back, or goes back to a standby that was left few tasks", () => {
    expect(problemsOf(following, { ...following, greenWeight: 0 })).toEqual([]);
    const rested = {
      ...following,
      activeSlot: "green",
      greenWeight: 0,
      blue: { ...following.blue, minTasks: 3 },
      green: { ...following.green, minTasks: 20 },
      release: { ...release, state: "promoted", weight: 100, rested: { own: 20, raised: 3 } },
    };
    expect(problemsOf(rested, { ...rested, activeSlot: "blue" })).toEqual([]);
  });

  it("gives a share to a candidate that was told its own number of tasks", () => {
    const { prepared: _, ...own } = following.release;
    expect(
      problemsOf({ ...following, release: own }, { ...following, release: own, greenWeight: 50 }),
    ).toEqual([]);
  });
});
