import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderForward, revertTarget } from "../../contract/route/route.ts";
import { sameSplit, showSplit, splitFromWeights, splitOf } from "../../contract/route/split.ts";
import { SLOTS } from "../../contract/slot.ts";

const groups = { blue: "arn:blue", green: "arn:green" };
const share = fc.integer({ min: 0, max: 100 });
const slot = fc.constantFrom(...SLOTS);

describe("a split", () => {
  it("always sums to 100 and gives the active slot what is not shifted", () => {
    fc.assert(
      fc.property(slot, share, (active, shifted) => {
        const split = splitOf(active, shifted);
        return split.blue + split.green === 100 && split[active] === 100 - shifted;
      }),
    );
  });

  it.each([-1, 101, 0.5, Number.NaN])("refuses a share of %s", (shifted) => {
    expect(() => splitOf("blue", shifted)).toThrow("whole percent from 0 to 100");
  });

  it("is read back from weights of any scale", () => {
    expect(splitFromWeights({ blue: 9, green: 1 })).toEqual({ blue: 90, green: 10 });
    expect(splitFromWeights({ blue: 2, green: 1 })).toBeUndefined();
    expect(splitFromWeights({ blue: 0, green: 0 })).toBeUndefined();
    fc.assert(
      fc.property(slot, share, (active, shifted) =>
        sameSplit(
          splitFromWeights(splitOf(active, shifted)) ?? { blue: -1, green: -1 },
          splitOf(active, shifted),
        ),
      ),
    );
  });

  it("is shown for both slots", () => {
    expect(showSplit({ blue: 90, green: 10 })).toBe("blue 90 % · green 10 %");
  });
});

describe("the forward action", () => {
  it("always lists both groups, with weights that are the split", () => {
    fc.assert(
      fc.property(slot, share, fc.integer({ min: 0, max: 604_800 }), (active, shifted, seconds) => {
        const split = splitOf(active, shifted);
        const forward = renderForward(split, groups, seconds);
        expect(forward.groups).toEqual([
          { arn: "arn:blue", weight: split.blue },
          { arn: "arn:green", weight: split.green },
        ]);
      }),
    );
  });

  it.each([
    { shifted: 0, seconds: 600, enabled: false },
    { shifted: 1, seconds: 600, enabled: true },
    { shifted: 99, seconds: 600, enabled: true },
    { shifted: 100, seconds: 600, enabled: false },
    { shifted: 50, seconds: 0, enabled: false },
  ])(
    "is sticky ($enabled) when $shifted % is shifted and $seconds s are configured",
    ({ shifted, seconds, enabled }) => {
      const { stickiness } = renderForward(splitOf("blue", shifted), groups, seconds);
      expect(stickiness.enabled).toBe(enabled);
      // ELB API: 1 to 604800 seconds, declared even where stickiness is off.
      expect(stickiness.durationSeconds).toBe(seconds === 0 ? 3600 : seconds);
    },
  );
});

describe("a revert sends everyone", () => {
  it.each([
    { live: { blue: 90, green: 10 }, active: "blue", to: "blue" },
    { live: { blue: 0, green: 100 }, active: "blue", to: "blue" },
    { live: { blue: 0, green: 100 }, active: "green", to: "blue" },
    { live: { blue: 10, green: 90 }, active: "green", to: "green" },
  ] as const)("to $to when $active is active and live is $live", ({ live, active, to }) => {
    expect(revertTarget(live, active)).toBe(to);
  });
});
