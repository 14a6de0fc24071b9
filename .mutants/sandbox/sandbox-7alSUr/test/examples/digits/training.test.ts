import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accuracy, loadModel } from "../../../examples/digits/model.ts";
import { loadDigits } from "../../../examples/digits/training/dataset.ts";
import { golden } from "../digits-client.ts";

describe("the data", () => {
  const { training, golden: heldOut } = loadDigits();

  test("are the 1,797 images of 64 pixels from 0 to 16, with a digit each", () => {
    const examples = [...training, ...heldOut];
    expect(examples).toHaveLength(1797);
    for (const { features, label } of examples) {
      expect(features).toHaveLength(64);
      expect(features.every((ink) => Number.isInteger(ink) && ink >= 0 && ink <= 16)).toBe(true);
      expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(label);
    }
  });

  test("are split so that no model is trained on an image of golden.jsonl", () => {
    expect(golden).toEqual(heldOut);
    const known = new Set(training.map(({ features }) => features.join()));
    expect(golden.filter(({ features }) => known.has(features.join()))).toEqual([]);
  });

  test("hold every digit at least 25 times in golden.jsonl", () => {
    for (let digit = 0; digit < 10; digit++) {
      expect(golden.filter(({ label }) => label === digit).length).toBeGreaterThanOrEqual(25);
    }
  });
});

describe("training", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "digits-training-"));
    execFileSync("node", ["examples/digits/train.ts", folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const files = ["models/v1.json", "models/v2.json", "golden.jsonl", "golden-slices.jsonl"];
  test.for(files)("reproduces %s byte for byte", (file) => {
    const committed = readFileSync(join("examples/digits", file));
    expect(readFileSync(join(folder, file)).equals(committed)).toBe(true);
  });
});

describe("the models", () => {
  test.for(["1", "2"])("version %s is as accurate as its file says", (version) => {
    const model = loadModel(version);
    expect(accuracy(model, golden)).toBe(model.accuracy);
  });

  test("version 1 is decent, and version 2 beats it by at least 7 percentage points", () => {
    const [first, second] = [loadModel("1").accuracy, loadModel("2").accuracy];
    expect(first).toBeGreaterThanOrEqual(0.85);
    expect(second - first).toBeGreaterThanOrEqual(0.07);
  });

  test("a version that does not exist is refused with the ones that do", () => {
    expect(() => loadModel("../v1")).toThrow('there is no model version "../v1"; there are 1, 2');
  });
});
