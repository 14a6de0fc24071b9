import { describe, expect, it } from "vitest";
import { proofBoundsAt, proofOf, provenBy } from "../../../../validation/core/comparison/proof.ts";
import { poisson, randomOf } from "../../../../validation/core/planning/random.ts";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";
import { failedMetric, paired, repeated } from "./support.ts";

const { rollout } = DEFAULT_SETTINGS;
const SCHEDULE = { provenRatios: [10, 5, 5], provenRate: 0.02, minutes: [], odds: [] };

describe("what a step has to prove", () => {
  it("is as planned for the pair, and the least that is ever asked for where nothing was planned", () => {
    expect(proofBoundsAt(rollout, SCHEDULE, 50)).toEqual({ ratio: 5, rate: 0.02 });
    expect(proofBoundsAt(rollout, undefined, 10)).toEqual({ ratio: 10, rate: 0.01 });
  });

  it("is the policy's own where it says so, for all steps or for one, and then no rate is enough", () => {
    expect(proofBoundsAt({ ...rollout, provenRatios: [4, 3] }, SCHEDULE, 50)).toEqual({
      ratio: 3,
      rate: undefined,
    });
    const steps = [{ percent: 10, provenRatio: 1.5 }, 100];
    expect(proofBoundsAt({ ...rollout, steps }, SCHEDULE, 10)).toEqual({ ratio: 1.5, rate: undefined });
  });

  it("is nothing where a step only has to see", () => {
    expect(proofBoundsAt({ ...rollout, advanceWhen: "blindSpot" }, SCHEDULE, 10)).toBeUndefined();
  });
});

describe("the proof of a candidate", () => {
  const nothingFails = (minutes: number) => failedMetric(repeated(minutes, paired([0, 60], [0, 540])));
  const bounds = { ratio: 5, rate: 0.02 };

  it("comes from its requests alone where nothing fails on either slot, and never from a ratio", () => {
    const settings = { ...rollout, visits: 1 };
    expect(proofOf(nothingFails(10), 0, bounds, settings)).toMatchObject({ ...bounds, needed: 60 });
    expect(proofOf(nothingFails(10), 0, bounds, settings).evidence).toBeGreaterThan(60);
    expect(proofOf(nothingFails(100), 0, { ratio: 5, rate: undefined }, settings).evidence).toBe(1);
  });

  it("counts the minutes of its step only, and each visit of the step costs", () => {
    const since = 60_000 * 8;
    expect(provenBy(nothingFails(10), since, bounds)).toBeLessThan(provenBy(nothingFails(10), 0, bounds));
    expect(proofOf(nothingFails(10), 0, bounds, { ...rollout, visits: 3 }).needed).toBe(180);
  });

  // 400 candidates exactly at both bounds, whose failures are twice the active slot's and 2 % of their requests.
  it("is wrong for at most β of the candidates that are at both bounds, however often one looks", () => {
    const RUNS = 400;
    let proven = 0;
    for (let run = 0; run < RUNS; run++) {
      const random = randomOf(run);
      const minutes = Array.from({ length: 120 }, () =>
        paired([poisson(random, 1.2), 60], [poisson(random, 5.4), 540]),
      );
      const found = minutes.some((_, at) => {
        const seen = failedMetric(minutes.slice(0, at + 1));
        return at % 5 === 0 && provenBy(seen, 0, { ratio: 2, rate: 0.02 }) >= Math.log(1 / 0.05);
      });
      if (found) proven += 1;
    }
    expect(proven / RUNS).toBeLessThanOrEqual(0.05);
    expect(proven).toBeGreaterThan(0);
  });
});
