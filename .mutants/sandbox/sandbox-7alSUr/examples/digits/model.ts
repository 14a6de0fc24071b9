import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One fully connected layer: a row of weights and a bias for each output. */
export interface Layer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

/** A trained model as `models/v<N>.json` holds it. */
export interface Model {
  readonly model: "digits";
  readonly version: string;
  readonly kind: string;
  readonly trainingData: string;
  /** On the held-out examples of golden.jsonl; 0..1. */
  readonly accuracy: number;
  readonly layers: readonly Layer[];
}

export const imagePixels = 64;
export const maximumInk = 16;
export const classes = 10;

const modelsFolder = join(import.meta.dirname, "models");

/** The versions that `loadModel` can load, e.g. ["1", "2"]. */
export function modelVersions(): string[] {
  return readdirSync(modelsFolder)
    .flatMap((file) => /^v(\d+)\.json$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Throws when there is no such version, or when its layers do not lead from 64 pixels to 10 scores. */
export function loadModel(version: string): Model {
  const versions = modelVersions();
  if (!versions.includes(version)) {
    throw new Error(`there is no model version "${version}"; there are ${versions.join(", ")}`);
  }
  const model: Model = JSON.parse(readFileSync(join(modelsFolder, `v${version}.json`), "utf8"));
  const outputs = model.layers.reduce(checkedOutputs, imagePixels);
  if (outputs !== classes) throw new Error(`model ${version} ends in ${outputs} scores, not ${classes}`);
  return model;
}

/** The digit, 0..9, that the model sees in 64 pixels of 0..16. */
export function predict(model: Model, pixels: readonly number[]): number {
  return classify(model, pixels).digit;
}

/** The digit, and how sure the model is of it: its softmax, 0.1 for a guess and 1 for no doubt. */
export function classify(model: Model, pixels: readonly number[]): { digit: number; sureness: number } {
  const scores = model.layers.reduce(
    (inputs, layer, index) => {
      const outputs = dense(layer, inputs);
      return index < model.layers.length - 1 ? outputs.map(relu) : outputs;
    },
    pixels.map((ink) => ink / maximumInk),
  );
  const best = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - best), 0);
  return { digit: scores.indexOf(best), sureness: 1 / sum };
}

/** The share of the examples that the model gets right, 0..1. */
export function accuracy(
  model: Model,
  examples: readonly { features: readonly number[]; label: number }[],
): number {
  const right = examples.filter(({ features, label }) => predict(model, features) === label);
  return right.length / examples.length;
}

/** weights · inputs + biases */
export function dense({ weights, biases }: Layer, inputs: readonly number[]): number[] {
  return biases.map((bias, row) => bias + dot(at(weights, row), inputs));
}

export function relu(value: number): number {
  return Math.max(0, value);
}

/** An element that must be there. Throws a RangeError when it is not. */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index} among ${values.length}`);
  return value;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += at(a, index) * at(b, index);
  return sum;
}

function checkedOutputs(inputs: number, { weights, biases }: Layer, index: number): number {
  const fits =
    weights.length === biases.length &&
    weights.every((row) => row.length === inputs && row.every(Number.isFinite)) &&
    biases.every(Number.isFinite);
  if (!fits) throw new Error(`layer ${index + 1} of the model does not fit its ${inputs} inputs`);
  return biases.length;
}
