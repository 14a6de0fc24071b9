import { expect, it } from "vitest";
import { compareAndDoubt } from "../../../../validation/core/comparison/compare.ts";
import { failedMetric, MINUTE, paired, repeated } from "./support.ts";

const POLICY = { alpha: 0.01, tolerance: 1.1, attempt: 1 };

it("says the same of the same minutes, whether they are all that there are or not", () => {
  const minutes = [...repeated(20, paired([0, 60], [3, 540])), ...repeated(4, paired([4, 60], [3, 540]))];
  // A minute without requests proves nothing, and makes the stretch since the split another one.
  const all = [paired([0, 0], [0, 0]), ...minutes];
  const whole = compareAndDoubt([failedMetric(minutes)], POLICY, { sticky: false, sinceMs: 0 });
  const since = compareAndDoubt([failedMetric(all)], POLICY, { sticky: false, sinceMs: MINUTE });
  expect(whole.doubt.crossing).toBeDefined();
  expect(since.doubt.evidence).toBeCloseTo(whole.doubt.evidence, 6);
  expect(since.doubt.crossing?.evidence).toBeCloseTo(whole.doubt.crossing?.evidence ?? 0, 6);
  expect(since.comparison.evidence).toBeCloseTo(whole.comparison.evidence, 6);
});

it("hears in doubt what others than the model can bring about, and ends nothing by it", () => {
  const minutes = repeated(10, paired([30, 60], [3, 540]));
  const one = { ...failedMetric(minutes), isDoubtOnly: true };
  const { comparison, doubt } = compareAndDoubt([one], POLICY, { sticky: true, sinceMs: 0 });
  expect(comparison.crossing).toBeUndefined();
  expect(doubt.crossing).toMatchObject({ name: "failed", atMs: 0 });
});
