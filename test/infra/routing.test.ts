import { describe, expect, test } from "vitest";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { splitOf } from "../../contract/route/split.ts";
import type { Slot } from "../../contract/slot.ts";
import {
  changesBetween,
  differencesOf,
  find,
  runProgram,
  type WrittenConfig,
} from "../support/pulumi-mocks.ts";
import { TWO_SLOTS, TYPE } from "./configs.ts";

const ROUTE = `${TYPE.rule}::route`;
const release = (state: string) => ({ release: { id: "r-1", slot: "green", state, weight: 25 } });

describe("A change of routing is a change of the route alone", () => {
  const steps: readonly (readonly [string, WrittenConfig, WrittenConfig, readonly string[]])[] = [
    ["greenWeight 0 → 25", {}, { greenWeight: 25 }, ["actions"]],
    ["greenWeight 25 → 0", { greenWeight: 25 }, { greenWeight: 0 }, ["actions"]],
    ["greenWeight 25 → 100", { greenWeight: 25 }, { greenWeight: 100 }, ["actions"]],
    ["activeSlot blue → green", {}, { activeSlot: "green" }, ["actions", "tags"]],
    ["activeSlot green → blue", { activeSlot: "green" }, { activeSlot: "blue" }, ["actions", "tags"]],
    [
      "blueWeight 0 → 10 while green is active",
      { activeSlot: "green" },
      { activeSlot: "green", blueWeight: 10 },
      ["actions"],
    ],
    [
      "promotion: greenWeight 100 → activeSlot green",
      { greenWeight: 100 },
      { activeSlot: "green", greenWeight: 0 },
      ["tags"],
    ],
    ["the release's state", release("running"), release("rolledBack"), ["tags"]],
  ];

  test.each(steps)("%s", async (_name, from, to, inputs) => {
    const all = { ...TWO_SLOTS, service: { stickinessSeconds: 600 }, testToken: "a".repeat(32) };
    const before = await runProgram({ ...all, ...from, localCloud: "http://127.0.0.1:4566" });
    const after = await runProgram({ ...all, ...to, localCloud: "http://127.0.0.1:4566" });
    expect(changesBetween(before, after)).toEqual({ [ROUTE]: inputs });
    const routing = ["activeSlot", "split", "generation"];
    expect(differencesOf(before.outputs, after.outputs).filter((key) => !routing.includes(key))).toEqual([]);
  });

  test("a generation changes no resource at all, only the output", async () => {
    const before = await runProgram({ ...TWO_SLOTS, generation: 3 });
    const after = await runProgram({ ...TWO_SLOTS, generation: 4 });
    expect(changesBetween(before, after)).toEqual({});
    expect(differencesOf(before.outputs, after.outputs)).toEqual(["generation"]);
  });
});

describe("The route", () => {
  const cases: readonly (readonly [Slot, number, number, boolean])[] = [
    // active slot, percent shifted, stickinessSeconds, whether the cookie is on
    ["blue", 0, 0, false],
    ["blue", 25, 0, false],
    ["blue", 0, 600, false],
    ["blue", 1, 600, true],
    ["blue", 99, 600, true],
    ["blue", 100, 600, false],
    ["green", 40, 600, true],
    ["green", 0, 600, false],
  ];

  test.each(cases)(
    "with %s active and %i percent shifted, stickiness %i s",
    async (active, shifted, seconds, on) => {
      const shiftedKey = active === "blue" ? "greenWeight" : "blueWeight";
      const run = await runProgram({
        ...TWO_SLOTS,
        activeSlot: active,
        [shiftedKey]: shifted,
        service: { stickinessSeconds: seconds },
      });
      const arn = (slot: Slot) => parseOutputs(run.outputs)?.slots[slot].targetGroupArn;
      const split = splitOf(active, shifted);
      expect(find(run, ROUTE).inputs["actions"]).toEqual([
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: arn("blue"), weight: split.blue },
              { arn: arn("green"), weight: split.green },
            ],
            // The duration is declared even where it is off: ELB wants one, and a refresh would show a difference.
            stickiness: { enabled: on, duration: seconds === 0 ? 3600 : seconds },
          },
        },
      ]);
      expect(parseOutputs(run.outputs)).toMatchObject({
        activeSlot: active,
        split,
        stickinessSeconds: seconds,
      });
    },
  );

  test("remembers in its tags what a revert needs without Pulumi", async () => {
    const run = await runProgram({ ...TWO_SLOTS, ...release("running"), greenWeight: 25 }, "prod");
    expect(find(run, ROUTE).inputs["tags"]).toEqual({
      "deploy:stack": "prod",
      "deploy:project": "fraud-model",
      "deploy:active-slot": "blue",
      "deploy:release-id": "r-1",
      "deploy:release-slot": "green",
      "deploy:release-state": "running",
      "deploy:first-share-since": "none",
      "deploy:deadline": "none",
      "deploy:at-deadline": "hold",
      "deploy:watchdog-manual": "false",
      "deploy:stickiness-seconds": "0",
    });
  });

  test("ignores no change, so Pulumi is the owner of the weights", async () => {
    const run = await runProgram(TWO_SLOTS);
    expect(find(run, ROUTE).options.ignoreChanges).toEqual([]);
  });
});
