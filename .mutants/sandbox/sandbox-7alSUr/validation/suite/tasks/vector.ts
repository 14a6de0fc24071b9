import { every, picked, some } from "../many/many.ts";
import { defineTask } from "./define.ts";
import { hasFraction, mean, numbersOf, sum } from "./values.ts";

/** Embeddings: right is what points the same way. */
export const definition = defineTask({
  name: "vector",
  fits: (labels) =>
    labels.length > 0 &&
    every(labels, (label) => numbersOf(label) !== undefined) &&
    some(labels, (label) => numbersOf(label)?.some(hasFraction) === true),
  open: ({ policy: { minCosine } }) => ({
    name: "vector",
    judgesRight: true,
    lossOf: "a vector that points the opposite way",
    mark(value, label) {
      const cosine = cosineOf(value, label);
      if (cosine === undefined) return { right: false, loss: 1 };
      return { right: cosine >= minCosine, loss: Math.min(1, Math.max(0, (1 - cosine) / 2)) };
    },
    measures(answers): Readonly<Record<string, number>> {
      const cosines = [...picked(answers, ({ value, label }) => cosineOf(value, label))];
      if (cosines.length === 0) return {};
      return { meanCosine: mean(cosines), leastCosine: cosines.reduce((a, b) => Math.min(a, b)) };
    },
  }),
});

/** undefined: they are no vectors of the same length, or one of them has none. */
function cosineOf(value: unknown, label: unknown): number | undefined {
  const [a, b] = [numbersOf(value), numbersOf(label)];
  if (a === undefined || b === undefined || a.length !== b.length) return undefined;
  const dot = (x: readonly number[], y: readonly number[]) => sum(x.map((one, i) => one * (y[i] ?? 0)));
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  // What is the same is so to the last digit, whatever the square roots make of it.
  if (a.every((one, i) => one === b[i])) return 1;
  return lengths > 0 && Number.isFinite(lengths) ? dot(a, b) / lengths : undefined;
}
