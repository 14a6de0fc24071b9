import { type Layer, at, classes, dense, imagePixels, maximumInk, relu } from "../model.ts";
import type { Example } from "./dataset.ts";
import { seededRandom, shuffled } from "./random.ts";

const hiddenUnits = 32;
const epochs = 30;
const firstLearningRate = 0.02;
const seed = 42;

type MutableLayer = { weights: number[][]; biases: number[] };

/**
 * A network with one hidden layer, trained by stochastic gradient descent on the squared hinge loss: the score of
 * the right digit is pushed above 1, and each other score below -1.
 *
 * Hinge and not cross-entropy because it needs + - * / only, which IEEE 754 fixes to the last bit. Math.exp is "an
 * implementation-approximated value" (ECMA-262): with it another machine could train another model.
 */
export function trainNetwork(examples: readonly Example[]): Layer[] {
  const random = seededRandom(seed);
  const hidden = randomLayer(imagePixels, hiddenUnits, random);
  const output = randomLayer(hiddenUnits, classes, random);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const learningRate = firstLearningRate * (1 - epoch / epochs);
    for (const example of shuffled(examples, random)) learn(hidden, output, example, learningRate);
  }
  return [hidden, output];
}

function learn(hidden: MutableLayer, output: MutableLayer, example: Example, learningRate: number): void {
  const pixels = example.features.map((ink) => ink / maximumInk);
  const activations = dense(hidden, pixels).map(relu);
  const scores = dense(output, activations);

  const scoreErrors = scores.map((score, digit) => {
    const target = digit === example.label ? 1 : -1;
    return -target * Math.max(0, 1 - target * score);
  });
  const hiddenErrors = activations.map((activation, unit) =>
    activation === 0
      ? 0
      : scoreErrors.reduce((sum, error, digit) => sum + error * at(at(output.weights, digit), unit), 0),
  );
  descend(output, activations, scoreErrors, learningRate);
  descend(hidden, pixels, hiddenErrors, learningRate);
}

function descend(
  layer: MutableLayer,
  inputs: readonly number[],
  errors: readonly number[],
  rate: number,
): void {
  errors.forEach((error, row) => {
    if (error === 0) return;
    const weights = at(layer.weights, row);
    inputs.forEach((input, column) => {
      weights[column] = at(weights, column) - rate * error * input;
    });
    layer.biases[row] = at(layer.biases, row) - rate * error;
  });
}

/** Small random weights, smaller the more inputs there are, so that scores start near zero. */
function randomLayer(inputs: number, outputs: number, random: () => number): MutableLayer {
  const width = Math.sqrt(6 / inputs);
  const weight = () => (random() * 2 - 1) * width;
  return {
    weights: Array.from({ length: outputs }, () => Array.from({ length: inputs }, weight)),
    biases: Array.from({ length: outputs }, () => 0),
  };
}
