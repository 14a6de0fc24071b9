import { type Layer, at, classes, imagePixels, maximumInk } from "../model.ts";
import type { Example } from "./dataset.ts";

/**
 * Nearest centroid: a digit is the one whose average image lies closest.
 * |x - c|² = |x|² - 2·(c·x - |c|²/2), and |x|² is the same for all ten: so the closest has the highest c·x - |c|²/2,
 * which is one layer with weights c and bias -|c|²/2.
 */
export function trainCentroids(examples: readonly Example[]): Layer[] {
  const weights = Array.from({ length: classes }, (_, digit) =>
    averageImage(examples.filter(({ label }) => label === digit)),
  );
  const biases = weights.map((centroid) => -centroid.reduce((sum, value) => sum + value * value, 0) / 2);
  return [{ weights, biases }];
}

function averageImage(examples: readonly Example[]): number[] {
  return Array.from({ length: imagePixels }, (_, pixel) => {
    const ink = examples.reduce((sum, { features }) => sum + at(features, pixel), 0);
    return ink / examples.length / maximumInk;
  });
}
