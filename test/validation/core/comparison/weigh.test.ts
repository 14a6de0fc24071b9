import { describe, expect, it } from "vitest";
import type { Signal } from "../../../../contract/signals/signal.ts";
import { compareAndDoubt } from "../../../../validation/core/comparison/compare.ts";
import type { ComparedMetric, MetricPart } from "../../../../validation/core/comparison/compared.ts";
import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import { provenBy } from "../../../../validation/core/comparison/proof.ts";
import { signalOf } from "../signals/support.ts";
import { failedMetric, MINUTE, paired, repeated, timed } from "./support.ts";

const POLICY = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
const QUIET = repeated(10, paired([0, 60], [3, 540]));
const BAD = repeated(10, paired([20, 60], [3, 540]));
const WORSE = repeated(10, paired([40, 60], [3, 540]));

const custom = (name: string, minutes: readonly PairedMinute[], fromMs = 0): ComparedMetric => ({
  ...failedMetric([]),
  name,
  kind: "custom",
  minutes: timed(minutes, fromMs),
});
const part = (name: string | undefined, weight: number, minutes: readonly PairedMinute[]): MetricPart => ({
  name,
  weight,
  minutes: timed(minutes),
});
const signal = (name: string, own: Partial<Signal>, parts: readonly MetricPart[]): ComparedMetric => ({
  ...custom(name, []),
  kind: "signal",
  minutes: parts[0]?.minutes ?? [],
  parts,
  signal: { definition: signalOf({ name, ...own }), held: undefined, unreadable: [], note: undefined },
});
const judged = (metrics: readonly ComparedMetric[], sinceMs = 0) =>
  compareAndDoubt(metrics, POLICY, { sticky: false, sinceMs });

describe("the evidence of all metrics together", () => {
  it("is the sum of what each contributes, whole or in parts", () => {
    const parts = [part(undefined, 0.5, QUIET), part("country=DE", 0.3, BAD), part("country=FR", 0.2, QUIET)];
    const { metrics, evidence } = judged([failedMetric(QUIET), signal("wrong", {}, parts)]).comparison;
    const sum = metrics.reduce((total, { contribution }) => total + contribution, 0);
    expect(metrics[1]?.contribution).toBeGreaterThan(1);
    expect(evidence / sum).toBeCloseTo(1, 9);
  });

  it("is enough in the minute in which it is, whatever times the metrics have minutes of", () => {
    const late = custom("wrong", BAD, 20 * MINUTE);
    const { comparison, doubt } = judged([failedMetric(QUIET), late]);
    expect(comparison.crossing).toMatchObject({ name: "wrong" });
    expect(comparison.crossing?.atMs).toBeGreaterThanOrEqual(20 * MINUTE);
    expect(doubt.crossing?.atMs).toBeGreaterThanOrEqual(20 * MINUTE);
    expect(judged([late, failedMetric(QUIET)]).comparison.crossing).toEqual(comparison.crossing);
  });

  it("is named after the metric that has most of it, the first of two that have as much", () => {
    const most = judged([failedMetric(QUIET), custom("a", BAD), custom("b", WORSE), custom("c", BAD)]);
    expect(most.comparison.crossing?.name).toBe("b");
    const equal = judged([failedMetric(QUIET), custom("a", BAD), custom("b", BAD)]);
    expect(equal.comparison.crossing?.name).toBe("a");
  });
});

describe("doubt", () => {
  it("looks at the minutes since users were last split alone, of a metric and of each of its parts", () => {
    const before = [...BAD, ...QUIET];
    const whole = judged([failedMetric(before)], 10 * MINUTE);
    expect(whole.comparison.crossing).toBeDefined();
    expect(whole.doubt.crossing).toBeUndefined();
    // The segment alone was bad, and only then.
    const parts = [part(undefined, 0.5, QUIET), part("country=DE", 0.5, before)];
    const segment = judged([failedMetric(QUIET), signal("wrong", {}, parts)], 10 * MINUTE);
    expect(segment.comparison.crossing).toBeDefined();
    expect(segment.doubt.crossing).toBeUndefined();
  });

  it("looks at the minute of the split itself", () => {
    const after = [...QUIET, paired([50, 60], [3, 540])];
    expect(judged([failedMetric(after)], 10 * MINUTE).doubt.crossing?.atMs).toBe(10 * MINUTE);
  });
});

describe("signals that hold a release, or are only told", () => {
  it("are each compared with a threshold of its own, and named by it, whatever the others show", () => {
    const bad = signal("wrong", { action: "hold" }, [part(undefined, 1, BAD)]);
    const good = signal("unsure", { action: "hold" }, [part(undefined, 1, QUIET)]);
    const { metrics } = judged([failedMetric(BAD), bad, good]).comparison;
    expect(metrics[1]?.signal?.alone?.crossing).toMatchObject({ name: "wrong" });
    expect(metrics[2]?.signal?.alone?.crossing).toBeUndefined();
    expect(metrics[0]?.signal).toBeUndefined();
  });
});

describe("the part of a signal that says most", () => {
  const telling = (parts: readonly MetricPart[]) =>
    judged([failedMetric(QUIET), signal("wrong", {}, parts)]).comparison.metrics[1]?.signal?.part;

  it("is named where it says more than all together, and not where it says as much", () => {
    const worse = [
      part(undefined, 0.5, QUIET),
      part("country=FR", 0.25, QUIET),
      part("country=DE", 0.25, BAD),
    ];
    expect(telling(worse)).toMatchObject({ name: "country=DE", total: { candidate: { events: 200 } } });
    expect(telling([part(undefined, 0.5, BAD), part("country=DE", 0.5, BAD)])).toBeUndefined();
  });
});

it.each([
  ["ratio", { ratio: 2, rate: undefined }],
  ["rate", { ratio: 2, rate: 0.02 }],
])(
  "a proof by the %s counts the minutes of its step alone, the one in which it began among them",
  (_by, bounds) => {
    const [before, step] = [repeated(10, paired([1, 60], [9, 540])), repeated(10, paired([0, 60], [9, 540]))];
    const alone = provenBy(failedMetric(step), 0, bounds);
    expect(alone).toBeGreaterThan(0);
    expect(provenBy(failedMetric([...before, ...step]), 10 * MINUTE, bounds)).toBeCloseTo(alone, 9);
  },
);
