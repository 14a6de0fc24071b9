import { expect, test } from "vitest";
import { unsureLine } from "../../../examples/digits/metrics.ts";
import { classify, loadModel } from "../../../examples/digits/model.ts";
import { readEmbedded } from "../../../packages/local-cloud/metrics/embedded.ts";
import { golden } from "../digits-client.ts";

const place = { slot: "green", release: "v3-g7" };
const unsure = (version: string, scale: number) => {
  const model = loadModel(version);
  return golden.filter(({ features }) => {
    const { sureness } = classify(
      model,
      features.map((ink) => ink * scale),
    );
    return unsureLine(sureness, place, version) !== undefined;
  }).length;
};

test("an answer that the model is not sure of is one count of its slot, in CloudWatch's embedded metric format", () => {
  const line = unsureLine(0.15, place, "3", 1_700_000_000_000) ?? "";
  expect(line).not.toContain("\n");
  expect(readEmbedded(line)).toEqual({
    kind: "metrics",
    timestampMs: 1_700_000_000_000,
    data: [
      {
        series: { namespace: "Digits", metricName: "Unsure", unit: "Count", dimensions: { Slot: "green" } },
        values: [1],
      },
    ],
  });
  expect(JSON.parse(line)).toMatchObject({ release: "v3-g7", modelVersion: "3" });
});

test("both good models are hardly ever unsure, and one that sees almost no ink is half of the time", () => {
  expect(unsure("1", 1)).toBeLessThan(0.02 * golden.length);
  expect(unsure("2", 1)).toBe(0);
  expect(unsure("2", 16 / 255)).toBeGreaterThan(0.4 * golden.length);
});
