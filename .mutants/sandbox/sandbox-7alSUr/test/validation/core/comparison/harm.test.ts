import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import { harmProcess, type HarmProcess } from "../../../../validation/core/comparison/evidence/harm.ts";
import { onsetMass } from "../../../../validation/core/comparison/evidence/onset.ts";

const SHARP = { tolerance: 1, dispersion: 1 };

const minute = (candidate: [number, number], active: [number, number]): PairedMinute => ({
  candidate: { exposure: candidate[0], events: candidate[1] },
  active: { exposure: active[0], events: active[1] },
});

function after(minutes: readonly PairedMinute[], settings = SHARP): HarmProcess {
  const process = harmProcess(settings);
  for (const one of minutes) process.add(one);
  return process;
}

/** Failures of the candidate that are needed, with none on the active slot. */
function fewest(part: number, needed: number): number {
  for (let failures = 0; ; failures++) {
    const seen = after([minute([1e6 * part, failures], [1e6 * (1 - part), 0])]);
    if (seen.fixedStartLogE() >= Math.log(needed)) return failures;
  }
}

describe("the evidence of harm", () => {
  it.each([
    [0.1, [3, 4, 5]],
    [0.25, [4, 5, 7]],
    [0.5, [6, 9, 13]],
  ])(
    "needs, at a part of %d and with nothing on the active slot, %j failures for 20, 100 and 1,000",
    (part, counts) => {
      expect([20, 100, 1000].map((needed) => fewest(part, needed))).toEqual(counts);
    },
  );

  it("is 1 before the first minute and after minutes in which one slot had no requests", () => {
    expect(after([]).logE()).toBeCloseTo(0, 12);
    expect(after([minute([0, 0], [500, 90]), minute([60, 60], [0, 0])]).logE()).toBeCloseTo(0, 12);
  });

  it("sees a fault that begins after a quiet day almost as soon as one of the first minute", () => {
    const quiet = Array.from({ length: 1380 }, () => minute([60, 0.3], [540, 2.7]));
    const faulty = minute([60, 12], [540, 2.7]);
    const settings = { tolerance: 1.1, dispersion: 1 };
    const minutesToSee = (before: readonly PairedMinute[], logE: (process: HarmProcess) => number) => {
      const process = after(before, settings);
      for (let count = 1; ; count++) {
        process.add(faulty);
        if (logE(process) >= Math.log(200)) return count;
      }
    };
    const whole = (process: HarmProcess) => process.logE();
    expect(minutesToSee([], whole)).toBe(1);
    expect(minutesToSee(quiet, whole)).toBeLessThanOrEqual(2);
    expect(minutesToSee(quiet, (process) => process.fixedStartLogE())).toBeGreaterThan(5);
  });

  it("never exceeds its upper bound, and a fork goes its own way", () => {
    fc.assert(
      fc.property(
        fc.array(minutes(), { maxLength: 30 }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (seen, phi) => {
          const process = after(seen, { tolerance: 1.1, dispersion: phi });
          const before = process.logE();
          expect(Math.exp(before)).toBeLessThanOrEqual(process.upperBound() * (1 + 1e-9));
          const fork = process.fork();
          fork.add(minute([10, 10], [100, 0]));
          expect(process.logE()).toBe(before);
          expect(fork.logE()).toBeGreaterThan(before - 1e-9);
        },
      ),
    );
  });

  it("does not depend, in its part with a fixed start, on the order of the minutes", () => {
    fc.assert(
      fc.property(fc.array(minutes(), { maxLength: 20 }), (seen) => {
        const forwards = after(seen).fixedStartLogE();
        expect(after(seen.toReversed()).fixedStartLogE()).toBeCloseTo(forwards, 8);
      }),
    );
  });

  it("does not depend, in its part with a fixed start, on how a stretch of equal parts is cut into minutes", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), (a, b, c, d) => {
        const whole = after([minute([120, a + b], [1080, c + d])]).fixedStartLogE();
        const cut = after([minute([60, a], [540, c]), minute([60, b], [540, d])]).fixedStartLogE();
        expect(cut).toBeCloseTo(whole, 8);
      }),
    );
  });

  it("has a mean of at most 1 in a minute whose ratio is the tolerated one or less", () => {
    for (const ratio of [0.5, 1, 1.1]) {
      for (const part of [0.01, 0.1, 0.5, 0.9]) {
        const mean = meanOfOneMinute(part, ratio, 12);
        expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });
});

describe("the masses of the start minutes", () => {
  it("add up to less than 1, however many there are", () => {
    let sum = 0;
    for (let index = 0; index < 1_000_000; index++) sum += onsetMass(index);
    // What lies beyond is at most the integral from there on.
    expect(sum + 1 / (1.0692 * Math.log(1_000_002))).toBeLessThanOrEqual(1);
  });
});

/** E of the e-value after one minute with `all` events, of which the candidate's are binomial at this ratio. */
function meanOfOneMinute(part: number, ratio: number, all: number): number {
  const theta = (part * ratio) / (part * ratio + 1 - part);
  let mean = 0;
  let ways = 1;
  for (let events = 0; events <= all; events++) {
    const chance = ways * theta ** events * (1 - theta) ** (all - events);
    const seen = after([minute([1000 * part, events], [1000 * (1 - part), all - events])], {
      tolerance: 1.1,
      dispersion: 1,
    });
    mean += chance * Math.exp(seen.logE());
    ways = (ways * (all - events)) / (events + 1);
  }
  return mean;
}

function minutes(): fc.Arbitrary<PairedMinute> {
  const arm = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([exposure, part]) => ({ exposure, events: Math.floor(exposure * part) }));
  return fc.record({ candidate: arm, active: arm });
}
