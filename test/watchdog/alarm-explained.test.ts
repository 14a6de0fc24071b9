import { describe, expect, it } from "vitest";
import { explanation, explanationOfUnproven, type AlarmComparison } from "../../watchdog/alarm-explained.ts";

const count = (exposure: number, events: number) => ({ exposure, events });
const against = (
  events: number,
  own: Partial<NonNullable<AlarmComparison["counts"]>> = {},
): AlarmComparison => ({
  hitsBoth: false,
  counts: { candidate: count(300, events), active: count(2_700, 54), usual: count(100_000, 2_000), ...own },
});

describe("an alarm of the candidate", () => {
  it.each([
    ["is believed when it is clearly more than the active slot shows", against(60), false],
    ["is excused when a candidate as good would show that, too", against(20), true],
    [
      "is excused when the same minutes are as bad on the active slot",
      against(60, { active: count(2_700, 540) }),
      true,
    ],
    ["is believed without a control", against(20, { active: count(0, 0) }), false],
    [
      "is believed against a slot that never failed",
      against(20, { active: count(2_700, 0), usual: count(0, 0) }),
      false,
    ],
    [
      "is believed when it is clearly more than the active slot shows, although that is in ALARM, too",
      { ...against(240, { active: count(2_700, 270) }), hitsBoth: true },
      false,
    ],
    [
      "is excused when both are in ALARM and equally bad",
      { ...against(60, { active: count(2_700, 540) }), hitsBoth: true },
      true,
    ],
    [
      "is believed at a share of 100 %, where the active slot's alarm lingers without a request",
      { ...against(60, { active: count(0, 0) }), hitsBoth: true },
      false,
    ],
    ["is excused when the active slot has the same one", { hitsBoth: true, counts: undefined }, true],
    ["is believed when it is on no rate", { hitsBoth: false, counts: undefined }, false],
  ])("%s", (_title, given, isExcused) => {
    expect(explanation(given) !== undefined).toBe(isExcused);
  });
});

describe("an alarm that clients bring about, too, when they give up", () => {
  it.each([
    [
      "is believed when it is clearly more than the active slot shows, and nobody can choose a slot",
      against(60),
      false,
      false,
    ],
    ["is excused when the active slot shows as much", against(20), false, true],
    ["is excused while users stay on their slot, however much it is", against(300), true, true],
    ["is excused without a control", against(60, { active: count(0, 0) }), false, true],
    ["is excused when nothing could be read beside it", undefined, false, true],
  ])("%s", (_title, given, sticky, isExcused) => {
    expect(explanationOfUnproven(given, sticky) !== undefined).toBe(isExcused);
  });
});
