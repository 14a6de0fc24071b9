import { describe, expect, it } from "vitest";
import { describeRefusals, type Refusal } from "../support/refusals.ts";
import { blue, both, green, IMAGE_C, shifted, onGreen, problemsOf, release } from "../support/steps.ts";

const STALE: readonly Refusal[] = [
  {
    title: "a checkout from before the last change",
    before: { ...shifted(10), generation: 5, release },
    after: { ...both, generation: 4 },
    says: [
      "generation is 4; allowed: 5 or more: the stack was changed after this checkout was last in step with it. Fix it: npx bluegreen sync",
    ],
  },
  {
    title: "a checkout from before the slots had changed places, for its age alone",
    before: { ...onGreen, generation: 9 },
    after: { blue: { ...blue, image: IMAGE_C }, generation: 2 },
    says: [
      "generation is 2; allowed: 9 or more: the stack was changed after this checkout was last in step with it. Fix it: npx bluegreen sync",
    ],
  },
  {
    title: "a checkout that never heard of the tools",
    before: { ...both, generation: 1 },
    after: both,
    says: [
      "generation is 0; allowed: 1 or more: the stack was changed after this checkout was last in step with it. Fix it: npx bluegreen sync",
    ],
  },
  {
    title: "a stale checkout in which something else is wrong, too",
    before: { ...both, generation: 5 },
    after: { ...both, generation: 4, rollout: { bakeMinutes: 10, deadlineMinutes: 5 } },
    says: [
      "rollout.deadlineMinutes is 5; allowed: auto, or more than the longest bake, 10 minutes. Fix it: pulumi config set --path rollout.deadlineMinutes 11",
      "generation is 4; allowed: 5 or more: the stack was changed after this checkout was last in step with it. Fix it: npx bluegreen sync",
    ],
  },
];

describeRefusals("the checkout is stale", STALE);

describe("all that is wrong comes at once:", () => {
  it("with the values and with the step", () => {
    const problems = problemsOf(both, {
      ...shifted(10),
      green: { ...green, minTasks: 4 },
      service: { port: 0 },
      rollout: { steps: [50, 10] },
    });
    expect(problems.map(({ key }) => key)).toEqual(["service.port", "greenWeight"]);
  });

  it("two slots, three mistakes", () => {
    const problems = problemsOf(shifted(10), {
      blue: { ...blue, image: IMAGE_C },
      green: { ...green, minTasks: 0 },
      activeSlot: "green",
    });
    expect(problems.map(({ key }) => key)).toEqual(["green.minTasks", "blue.image"]);
  });

  it.each([
    ["a section that is no object", { ...both, service: "large" }, ["service"]],
    ["a slot that is no object", { ...both, blue: "digits" }, ["blue"]],
    ["an active slot that is none", { ...onGreen, activeSlot: "purple" }, ["activeSlot"]],
    ["a weight that is none", { ...shifted(10), greenWeight: "ten" }, ["greenWeight"]],
    ["an image that is none", { ...both, blue: { ...blue, image: "not an image" } }, ["blue.image"]],
    [
      "a variable that is not free",
      { ...both, service: { environment: { PORT: "1" } } },
      ["service.environment.PORT"],
    ],
    ["a generation that is none", { ...both, generation: "new" }, ["generation"]],
  ])("but nothing that only follows from %s", (_title, after, keys) => {
    expect(problemsOf({ ...both, generation: 3 }, { generation: 3, ...after }).map(({ key }) => key)).toEqual(
      keys,
    );
  });
});
