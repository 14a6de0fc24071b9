import { describe, expect, it } from "vitest";
import type { RouteReading } from "../../../contract/transition/rolled-back.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { transitionProblems } from "../../../contract/transition/transition.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";
import { TWO_SLOTS } from "../../infra/configs.ts";

function config(own: WrittenConfig): StackConfig {
  const parsed = parseConfig(rawConfig({ ...TWO_SLOTS, generation: 7, ...own }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
const live = (green: number): RouteReading => ({ readable: true, split: { blue: 100 - green, green } });
const SHIFTED = { greenWeight: 10 };
const PROMOTED = { activeSlot: "green" };

describe("an update after users were rolled back behind Pulumi's back", () => {
  const refused: readonly (readonly [string, WrittenConfig, WrittenConfig, number, object])[] = [
    [
      "is refused when it would give them to the candidate again, whatever it was meant to change",
      SHIFTED,
      { ...SHIFTED, service: { stickinessSeconds: 60 } },
      0,
      {
        key: "greenWeight",
        got: "10",
        allowed: "0: everyone was rolled back to blue, and Pulumi was not told",
        fix: "npx bluegreen step",
      },
    ],
    ["also with another share", SHIFTED, { greenWeight: 25 }, 0, { key: "greenWeight", got: "25" }],
    [
      "also when it is the rollout's own",
      SHIFTED,
      { greenWeight: 25, generation: 8 },
      0,
      { key: "greenWeight" },
    ],
    [
      "also when it makes the candidate the active slot",
      SHIFTED,
      PROMOTED,
      0,
      { key: "activeSlot", got: "green" },
    ],
    [
      "is refused when they were taken to the standby after a promotion",
      PROMOTED,
      PROMOTED,
      0,
      { key: "activeSlot", got: "green", allowed: "blue: everyone was taken there, and Pulumi was not told" },
    ],
  ];
  it.each(refused)("%s", (_title, before, after, green, problem) => {
    const found = transitionProblems(previousOf(config(before)), config(after), live(green));
    expect(found).toMatchObject([problem]);
  });

  const passes: readonly (readonly [string, WrittenConfig, WrittenConfig, RouteReading | undefined])[] = [
    ["passes when it says what the route says", SHIFTED, { greenWeight: 0 }, live(0)],
    ["passes when nobody was rolled back", SHIFTED, { greenWeight: 25 }, live(10)],
    ["passes when nothing was shifted", {}, SHIFTED, live(0)],
    ["passes when nobody has looked", SHIFTED, SHIFTED, undefined],
    ["passes when it follows a revert after a promotion", PROMOTED, { activeSlot: "blue" }, live(0)],
    ["passes when it is `restore` that gives all traffic back", {}, { generation: 8 }, live(100)],
    ["passes when the weights are no whole percents", SHIFTED, SHIFTED, { readable: true, split: undefined }],
    ["passes when an advance was cut off, so that it can be put back", SHIFTED, SHIFTED, live(25)],
  ];
  it.each(passes)("%s", (_title, before, after, route) => {
    expect(transitionProblems(previousOf(config(before)), config(after), route)).toEqual([]);
  });
});

describe("an update while the route cannot be read", () => {
  const unreadable: RouteReading = { readable: false, why: "no answer" };
  it("may not shift what was shifted, for its users may have been rolled back", () => {
    expect(transitionProblems(previousOf(config(SHIFTED)), config(SHIFTED), unreadable)).toMatchObject([
      { key: "greenWeight", fix: "pulumi config set greenWeight 0" },
    ]);
  });

  it("may roll everything back, and change whatever else while no traffic is shifted", () => {
    expect(transitionProblems(previousOf(config(SHIFTED)), config({}), unreadable)).toEqual([]);
    expect(transitionProblems(previousOf(config({})), config({}), unreadable)).toEqual([]);
  });
});
