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

it("ends by failures, however overwhelming what only raises doubt is", () => {
  const refused = { ...failedMetric(repeated(40, paired([3000, 6000], [3, 54_000]))), name: "refused" };
  const failing = [...repeated(20, paired([0, 60], [3, 540])), ...repeated(20, paired([20, 60], [3, 540]))];
  const metrics = [failedMetric(failing), { ...refused, kind: "client" as const, isDoubtOnly: true }];
  const { comparison } = compareAndDoubt(metrics, POLICY, { sticky: true, sinceMs: 0 });
  expect(comparison.crossing).toMatchObject({ atMs: 20 * MINUTE });
});

it("has its own φ for one metric beside the same for the others", () => {
  const failing = paired([4, 60], [3, 540]);
  const [wide, narrow] = [failedMetric(repeated(10, failing), 20), failedMetric(repeated(10, failing), 1)];
  const bounded = { ...wide, dispersion: { ...wide.dispersion, bounded: 1 } };
  const other = { ...failedMetric(repeated(10, paired([0, 60], [3, 540]))), kind: "custom" as const };
  const of = (first: typeof wide) => compareAndDoubt([first, other], POLICY, { sticky: false, sinceMs: 0 });
  expect(of(bounded).doubt).toEqual(of(narrow).doubt);
  expect(of(bounded).comparison.crossing).toEqual(of(wide).comparison.crossing);
});
