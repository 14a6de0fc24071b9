import { describe, expect, it } from "vitest";
import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import { isExcess } from "../../../../validation/core/comparison/excess.ts";

const minutes = (count: number, candidate: [number, number], active: [number, number]): PairedMinute[] =>
  Array.from({ length: count }, () => ({
    candidate: { exposure: candidate[0], events: candidate[1] },
    active: { exposure: active[0], events: active[1] },
  }));
const DAY = 864_000;
const usual = (rate: number) => ({ exposure: DAY, events: DAY * rate });
const AS_SHIPPED = { tolerance: 1.1, dispersion: 1 };

describe("an excess", () => {
  it("is a candidate that fails a fifth of its requests, clustered or not, whatever the active slot's rate", () => {
    for (const rate of [0.001, 0.005, 0.02, 0.05]) {
      const window = minutes(3, [60, 12], [540, 540 * rate]);
      expect(isExcess({ ...AS_SHIPPED, window, usual: usual(rate) })).toBe(true);
    }
    const window = minutes(3, [60, 12], [540, 3]);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005), dispersion: 3 })).toBe(true);
  });

  it("is not what chance does at the active slot's own rate", () => {
    const window = minutes(5, [60, 4], [540, 11]);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.02) })).toBe(false);
  });

  it("is not what hits both slots, however bad", () => {
    const window = minutes(3, [60, 14], [540, 108]);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005) })).toBe(false);
  });

  it("is not what hits both slots right after the candidate got more users", () => {
    const window = [...minutes(4, [60, 0], [540, 0]), ...minutes(4, [300, 210], [300, 210])];
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005) })).toBe(false);
  });

  it("is not one broken user with many requests where such users are usual", () => {
    const window = minutes(3, [60, 5], [540, 3]);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005) })).toBe(true);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005), dispersion: 10 })).toBe(false);
  });

  it("is nothing of minutes in which the active slot had no requests, unless it has none any more", () => {
    const window = [...minutes(3, [60, 12], [0, 0]), ...minutes(3, [60, 0], [540, 3])];
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005) })).toBe(false);
    expect(isExcess({ ...AS_SHIPPED, window, usual: usual(0.005), isAlone: true })).toBe(true);
  });

  it("asks an active slot that has never failed for a few failures, and nobody at all for none", () => {
    const never = { exposure: 1000, events: 0 };
    expect(isExcess({ ...AS_SHIPPED, window: minutes(1, [20, 1], [180, 0]), usual: never })).toBe(false);
    expect(isExcess({ ...AS_SHIPPED, window: minutes(1, [20, 8], [180, 0]), usual: never })).toBe(true);
    expect(isExcess({ ...AS_SHIPPED, window: [], usual: never })).toBe(false);
  });
});
