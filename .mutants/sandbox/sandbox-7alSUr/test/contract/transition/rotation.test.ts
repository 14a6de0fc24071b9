import { describe, expect, it } from "vitest";
import { copyOf } from "../../../contract/config/model-service.ts";
import { showProblem } from "../../../contract/checks/problem.ts";
import { SLOTS } from "../../../contract/slot.ts";
import { keepsTasks } from "../../../contract/transition/in-use.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import type { WrittenConfig } from "../../support/written-config.ts";
import { blue, configOf, green, IMAGE_C, problemsOf } from "../support/steps.ts";

const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`;
const AT = "2026-01-01T00:00:00.000Z";
const service = { environment: { TOKEN: "old", LEVEL: "info" }, secrets: { KEY: arn("a") } };
const copy = copyOf(configOf({ service }).service);
const inUse = {
  blue: { ...blue, service: copy },
  green: { ...green, service: copy },
  generation: 7,
};
const renewed = { ...copy, environment: { ...copy.environment, TOKEN: "new" }, secrets: { KEY: arn("b") } };
const rotated = (slot: "blue" | "green", of: object = renewed) => ({
  ...inUse,
  [slot]: { ...inUse[slot], service: of, rotated: AT },
});
const byTools = { generation: 8 };

const says = (before: WrittenConfig, after: WrittenConfig) => problemsOf(before, after).map(showProblem);

describe("What rotate writes of a slot in use", () => {
  it.each([
    ["the standby", rotated("green")],
    ["the slot that has users", rotated("blue")],
    ["one of which nothing but the time is another", rotated("blue", copy)],
  ])("passes for %s", (_title, after) => {
    expect(says(inUse, { ...after, ...byTools })).toEqual([]);
  });

  it.each([
    ["a person's hand", { ...rotated("blue"), generation: 7 }, "blue.rotated"],
    ["both slots at once", { ...rotated("blue"), green: rotated("green").green, ...byTools }, "blue.rotated"],
    [
      "a variable that is new",
      { ...rotated("blue", addsOne()), ...byTools },
      "blue.service.environment.MORE",
    ],
    [
      "a variable that is gone",
      { ...rotated("blue", dropsOne()), ...byTools },
      "blue.service.environment.LEVEL",
    ],
    [
      "another setting",
      { ...rotated("blue", { ...renewed, memory: 2048 }), ...byTools },
      "blue.service.memory",
    ],
    [
      "another image",
      { ...inUse, blue: { ...rotated("blue").blue, image: IMAGE_C }, ...byTools },
      "blue.image",
    ],
    ["users who move", { ...rotated("blue"), activeSlot: "green", ...byTools }, "blue.rotated"],
  ])("is refused with %s", (_title, after, key) => {
    expect(problemsOf(inUse, after).map((one) => one.key)).toContain(key);
  });

  it("is refused while users are shifted, and while the other slot could not take everyone", () => {
    const shifted = { ...inUse, greenWeight: 10 };
    expect(says(shifted, { ...rotated("blue"), greenWeight: 10, ...byTools })[0]).toMatch(
      /^blue\.rotated is/,
    );
    const none = { ...inUse, green: { ...inUse.green, minTasks: 0 } };
    const after = { ...none, blue: rotated("blue").blue, ...byTools };
    expect(says(none, after)[0]).toMatch(/^blue\.rotated is/);
  });

  it("replaces the tasks of its slot alone, as an edit does that service.allowInPlace allows", () => {
    const keptIn = (after: WrittenConfig) => {
      const [previous, next] = [previousOf(configOf(inUse)), configOf(after)];
      return SLOTS.filter((slot) => keepsTasks({ previous, next, slot }));
    };
    expect(keptIn(inUse)).toEqual(["blue", "green"]);
    expect(keptIn({ ...rotated("blue"), ...byTools })).toEqual(["green"]);
    const larger = { ...inUse.blue, service: { ...copy, memory: 2048 } };
    expect(keptIn({ ...inUse, blue: larger, service: { ...service, allowInPlace: true } })).toEqual([
      "green",
    ]);
  });

  it("is told with the verb, when a person has written it", () => {
    const first = says(inUse, rotated("blue", copy));
    expect(first).toEqual([
      `blue.rotated is ${AT}; allowed: nothing as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen rotate blue`,
    ]);
  });

  it("stays nobody's change in every later update, and a revert passes", () => {
    const before = rotated("blue");
    expect(says(before, before)).toEqual([]);
    expect(says(before, { ...before, activeSlot: "green", ...byTools })).toEqual([]);
  });
});

function addsOne() {
  return { ...renewed, environment: { ...renewed.environment, MORE: "1" } };
}

function dropsOne() {
  return { ...renewed, environment: { TOKEN: "new" } };
}
