import { describe, expect, it } from "vitest";
import { blindSpotOf } from "../../../../validation/core/comparison/compare.ts";
import type { TimedMinute } from "../../../../validation/core/comparison/compared.ts";
import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import { harmProcess } from "../../../../validation/core/comparison/evidence/harm.ts";
import { ratioInterval } from "../../../../validation/core/comparison/evidence/ratio.ts";
import { provenBy } from "../../../../validation/core/comparison/proof.ts";
import { blindSpot } from "../../../../verify/formulas/blind-spot.ts";
import { harmAfter, HARM_START } from "../../../../verify/formulas/harm.ts";
import type { Minute } from "../../../../verify/formulas/minute.ts";
import { intervalOf, provenLog } from "../../../../verify/formulas/ratio.ts";
import { binomial, failedMetric, MINUTE, seeded, timed } from "./support.ts";

// The formulas of docs/decision.md twice: the product's own, and the ones of the program that computes them again.

interface World {
  readonly name: string;
  /** Requests of the candidate and of the active slot in a minute. */
  readonly requests: (minute: number) => readonly [number, number];
  /** Failing parts of them. */
  readonly failing: readonly [number, number];
  readonly phi: number;
}

const WORLDS: readonly World[] = [
  { name: "little traffic", requests: () => [6, 54], failing: [0.02, 0.02], phi: 1 },
  { name: "clusters", requests: (at) => [60 + (at % 7), 540], failing: [0.01, 0.03], phi: 3.5 },
  { name: "a bad candidate", requests: () => [300, 280], failing: [0.08, 0.03], phi: 1.4 },
  { name: "a far better one", requests: () => [2, 998], failing: [0, 0.1], phi: 1 },
  { name: "a share at the very edge", requests: () => [900, 1], failing: [0.01, 0.3], phi: 1 },
  {
    name: "slots without requests",
    requests: (at) => [at % 5 && 40, at % 7 && 80],
    failing: [0.03, 0.02],
    phi: 2,
  },
  { name: "no failure at all", requests: () => [50, 150], failing: [0, 0], phi: 1 },
  { name: "a slot that always fails", requests: () => [20, 20], failing: [1, 0.5], phi: 1 },
];

const minutesOf = ({ requests, failing }: World, count = 40): readonly TimedMinute[] => {
  const random = seeded(count);
  return timed(
    Array.from({ length: count }, (_, at): PairedMinute => {
      const [candidate, active] = requests(at);
      return {
        candidate: { exposure: candidate, events: binomial(random, candidate, failing[0]) },
        active: { exposure: active, events: binomial(random, active, failing[1]) },
      };
    }),
  );
};
const again = (minutes: readonly TimedMinute[]): readonly Minute[] =>
  minutes.map(({ atMs, candidate, active }) => ({
    atMs,
    candidate: { requests: candidate.exposure, events: candidate.events },
    active: { requests: active.exposure, events: active.events },
  }));

describe.each(WORLDS)("two programs come to the same: $name", (world) => {
  const minutes = minutesOf(world);
  const metric = { ...failedMetric(minutes, world.phi), minutes };
  const { phi } = world;

  it("evidence after each minute, from the start and anew from a fork", () => {
    const process = harmProcess({ tolerance: 1.1, dispersion: phi });
    let state = HARM_START;
    again(minutes).forEach((minute, at) => {
      const one = minutes[at];
      if (one === undefined) return;
      const fork = process.fork();
      fork.add(one);
      process.add(one);
      state = harmAfter(state, minute, { tolerance: 1.1, phi });
      expect(process.logE()).toBeCloseTo(state.logE, 7);
      expect(fork.logE()).toBe(process.logE());
      expect(fork.upperBound()).toBe(process.upperBound());
    });
  });

  it("smallest detectable failure rate, of the whole time and of a step", () => {
    const policy = { alpha: 0.01, tolerance: 1.1, attempt: 2 };
    const threshold = -Math.log(((0.01 * 6) / (Math.PI ** 2 * 4)) * 0.5);
    for (const [count, since] of [
      [40, 0],
      [40, 17 * MINUTE],
      [9, 0],
    ] as const) {
      const seen = minutes.slice(0, count);
      const spot = blindSpot(again(seen), since, { tolerance: 1.1, phi }, threshold);
      expect(blindSpotOf({ ...metric, minutes: seen }, since, policy)).toBeCloseTo(spot, 9);
    }
  });

  it("proof, by the ratio alone and by a rate beside it", () => {
    for (const [ratio, rate] of [
      [2, undefined],
      [5, 0.02],
      [1.3, 0.2],
    ] as const)
      for (const since of [0, 17 * MINUTE]) {
        const step = again(minutes).filter(({ atMs }) => atMs >= since);
        expect(provenBy(metric, since, { ratio, rate })).toBeCloseTo(provenLog(step, phi, ratio, rate), 7);
      }
  });

  it("ratios that are left possible", () => {
    const found = ratioInterval(minutes, phi, 0.01);
    const other = intervalOf(again(minutes), phi, 0.01);
    const close = (value: number | undefined) => (value === undefined ? undefined : expect.closeTo(value, 7));
    expect(found).toEqual({
      estimate: close(other.estimate),
      low: expect.closeTo(other.low, 7),
      high: close(other.high),
    });
  });
});
