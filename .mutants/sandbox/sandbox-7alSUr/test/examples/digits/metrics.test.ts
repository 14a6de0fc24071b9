import { expect, test } from "vitest";
import { answerCounts } from "../../../examples/digits/metrics.ts";
import { classify, loadModel } from "../../../examples/digits/model.ts";
import { SIGNAL_DIMENSIONS, SIGNAL_NAMESPACE } from "../../../contract/signals/signal.ts";
import { readEmbedded } from "../../../packages/local-cloud/metrics/embedded.ts";
import { golden } from "../digits-client.ts";

const place = { slot: "green", stack: "prod", release: "v3-g7" };
const unsure = (version: string, scale: number): number => {
  const counts = answerCounts(place, version);
  const model = loadModel(version);
  for (const { features } of golden) {
    const seen = features.map((ink) => ink * scale);
    counts.classified(classify(model, seen).sureness);
  }
  const { Unsure }: { Unsure: number } = JSON.parse(counts.line() ?? "{}");
  return Unsure;
};

test("what was answered in a second is one line of the slot, events beside what they are counted among", () => {
  const counts = answerCounts(place, "3");
  counts.classified(0.15);
  counts.classified(0.9);
  counts.answered(7);
  counts.answered(Number.NaN);
  const line = counts.line(1_700_000_000_000) ?? "";
  expect(line).not.toContain("\n");
  const dimensions = { [SIGNAL_DIMENSIONS.stack]: "prod", [SIGNAL_DIMENSIONS.slot]: "green" };
  const datum = (metricName: string, values: readonly number[], unit = "Count") => ({
    series: { namespace: SIGNAL_NAMESPACE, metricName, unit, dimensions },
    values,
  });
  expect(readEmbedded(line)).toEqual({
    kind: "metrics",
    timestampMs: 1_700_000_000_000,
    data: [
      datum("Classified", [2]),
      datum("Unsure", [1]),
      datum("Answers", [2]),
      datum("Refused", [1]),
      datum("Sureness", [0.15, 0.9], "None"),
    ],
  });
  expect(JSON.parse(line)).toMatchObject({ release: "v3-g7", modelVersion: "3" });
  expect(counts.line()).toBeUndefined();
});

test("both good models are hardly ever unsure, and one that sees almost no ink is half of the time", () => {
  expect(unsure("1", 1)).toBeLessThan(0.02 * golden.length);
  expect(unsure("2", 1)).toBe(0);
  expect(unsure("2", 16 / 255)).toBeGreaterThan(0.4 * golden.length);
});
