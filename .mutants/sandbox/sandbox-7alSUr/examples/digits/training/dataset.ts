import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom, shuffled } from "./random.ts";

/** A handwritten digit: 8 rows of 8 pixels, each with 0..16 ink, and the digit that a person sees in them. */
export interface Example {
  readonly features: readonly number[];
  readonly label: number;
}

const dataFile = join(import.meta.dirname, "..", "data", "digits.csv");
const heldOutExamples = 400;
const splitSeed = 1797;

/** All examples, in two parts that never change: one to train on and one, the golden set, that no model has seen. */
export function loadDigits(): { training: Example[]; golden: Example[] } {
  const examples = shuffled(parseCsv(readFileSync(dataFile, "utf8")), seededRandom(splitSeed));
  return { golden: examples.slice(0, heldOutExamples), training: examples.slice(heldOutExamples) };
}

/** A line of the file is 64 pixels and then the label. */
function parseCsv(csv: string): Example[] {
  return csv
    .trim()
    .split("\n")
    .map((line) => {
      const numbers = line.split(",").map(Number);
      const label = numbers.pop();
      if (label === undefined || numbers.length !== 64)
        throw new Error(`not an image and its label: ${line}`);
      return { features: numbers, label };
    });
}
