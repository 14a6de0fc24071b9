/**
 * Trains both versions of the model and writes all that is derived from data/digits.csv:
 *
 *     node examples/digits/train.ts [folder]
 *
 * The same bytes on every machine: a test compares them with the committed files.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Layer, type Model, accuracy } from "./model.ts";
import { inkOf } from "./slices.ts";
import { trainCentroids } from "./training/centroids.ts";
import { type Example, loadDigits } from "./training/dataset.ts";
import { trainNetwork } from "./training/network.ts";

const folder = process.argv[2] ?? import.meta.dirname;
const { training, golden } = loadDigits();
const trainingData = `${training.length} of the 1,797 images of data/digits.csv; the other ${golden.length} are golden.jsonl`;

const models = [
  describe("1", "nearest centroid", trainCentroids(training)),
  describe("2", "neural network with 32 hidden units", trainNetwork(training)),
];

mkdirSync(join(folder, "models"), { recursive: true });
for (const model of models) {
  writeFileSync(join(folder, "models", `v${model.version}.json`), modelFile(model));
  const onTraining = percent(accuracy(model, training));
  console.log(
    `v${model.version} ${model.kind}: ${percent(model.accuracy)} on golden, ${onTraining} on training`,
  );
}
writeFileSync(join(folder, "golden.jsonl"), golden.map((example) => `${goldenLine(example)}\n`).join(""));
writeFileSync(
  join(folder, "golden-slices.jsonl"),
  golden.map((example, index) => `${slicedLine(example, index)}\n`).join(""),
);

function describe(version: string, kind: string, exactLayers: readonly Layer[]): Model {
  const layers = exactLayers.map(rounded);
  const untested: Model = { model: "digits", version, kind, trainingData, accuracy: 0, layers };
  return { ...untested, accuracy: accuracy(untested, golden) };
}

/** Four decimals keep the file small; the accuracy is measured with the rounded weights. */
function rounded({ weights, biases }: Layer): Layer {
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return { weights: weights.map((row) => row.map(round)), biases: biases.map(round) };
}

/** JSON with one line for each row of weights, so that a diff can be read. */
function modelFile(model: Model): string {
  return `${JSON.stringify(model).replaceAll("],[", "],\n[")}\n`;
}

function goldenLine({ features, label }: Example): string {
  return JSON.stringify({ features, label });
}

/** The same with a name and its slice: the form that a golden set of one's own should have. */
function slicedLine({ features, label }: Example, index: number): string {
  const id = `digits-${String(index + 1).padStart(3, "0")}`;
  return JSON.stringify({ id, input: { features }, label, slice: { ink: inkOf(features) } });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
