import { describe, expect, it } from "vitest";
import type { Split } from "../../../contract/route/split.ts";
import { movedAside } from "../../../contract/transition/moved-aside.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import type { WrittenConfig } from "../../support/written-config.ts";
import { both, configOf, shifted } from "../support/steps.ts";

const saidOf = (before: WrittenConfig, after: WrittenConfig, split: Split | undefined) =>
  movedAside(previousOf(configOf(before)), configOf(after), { readable: true, split });

describe("a route that was changed without Pulumi", () => {
  it("is told of with both splits and the two ways on", () => {
    expect(saidOf(both, both, { blue: 70, green: 30 })).toBe(
      "The route has blue 70 % · green 30 %, where the last update left blue 100 % · green 0 %: somebody changed it " +
        "without Pulumi. To make it blue 100 % · green 0 %: pulumi up --refresh; to keep what it has: " +
        "pulumi config set greenWeight 30 && pulumi up --refresh",
    );
  });

  it("is told of in an update that moves users elsewhere, too", () => {
    expect(saidOf(both, shifted(10), { blue: 70, green: 30 })).toContain(
      "To make it blue 90 % · green 10 %: pulumi up --refresh",
    );
  });

  it("is told of when its weights are no split", () => {
    expect(saidOf(shifted(10), shifted(10), undefined)).toBe(
      "The route has weights that are no split of this stack, where the last update left blue 90 % · green 10 %: " +
        "somebody changed it without Pulumi. To make it blue 90 % · green 10 %: pulumi up --refresh",
    );
  });

  it.each<[string, WrittenConfig, WrittenConfig, Split]>([
    ["is as the last update left it", shifted(10), shifted(50), { blue: 90, green: 10 }],
    ["is already as the configuration says", shifted(50), both, { blue: 100, green: 0 }],
    ["is looked at by a tool", both, { ...both, generation: 1 }, { blue: 70, green: 30 }],
  ])("is nothing to tell of when it %s", (_title, before, after, split) => {
    expect(saidOf(before, after, split)).toBeUndefined();
  });

  it("is nothing to tell of when nobody can read it, nor before the first update", () => {
    const config = configOf(both);
    expect(movedAside(previousOf(config), config, { readable: false, why: "gone" })).toBeUndefined();
    expect(movedAside(undefined, config, undefined)).toBeUndefined();
  });
});
