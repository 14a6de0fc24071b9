import { every, picked, some } from "../many/many.ts";
import { defineTask, type ReadPrediction, type Mark } from "./define.ts";
import { classMeasures, type ClassAnswer } from "./class-measures.ts";
import { hasFraction, isScalar, nameOf, numberOf, numbersOf, sum } from "./values.ts";

/** So many classes at most, and so many examples of each on average at least, or the labels are no classes. */
const MOST_CLASSES = 100;
const EXAMPLES_EACH = 5;
/** A probability of 1 % or less for what is right has a loss of 1. */
const LEAST_PROBABILITY = 0.01;

/** Labels, or scores of all classes: right is the label, or the class of the greatest score. */
export const definition = defineTask({
  name: "classification",
  fits(labels, answers) {
    if (labels.length === 0 || !every(labels, isScalar)) return false;
    if (some(answers, (answer) => numbersOf(answer) !== undefined)) return true;
    const names = namesOf(labels, MOST_CLASSES + 1);
    if (names.size > MOST_CLASSES || labels.length < EXAMPLES_EACH * names.size) return false;
    if (some(labels, hasFraction)) return false;
    // Whole numbers that are answered with fractions are no classes, but for the probability of the one of two.
    return isBinary(names) || !some(answers, hasFraction);
  },
  open({ policy, labels }) {
    const names = namesOf(labels);
    const order = classOrder(
      policy.classes,
      [...names].filter((name) => name !== undefined),
    );
    const binary = isBinary(names);
    const read = (value: unknown) => readAnswer(value, order, binary);
    return {
      name: "classification",
      judgesRight: true,
      lossOf: "a probability of 1 % or less for what is right (labels without scores: a wrong one)",
      categoryOf: nameOf,
      mark: (value, label) => markOf(read(value), nameOf(label)),
      measures: (answers) => classMeasures(picked(answers, (answer) => scored(answer, read))),
    };
  },
});

type Names = ReadonlySet<string | undefined>;

/** No more than that many of them. */
function namesOf(labels: Iterable<unknown>, most = Number.POSITIVE_INFINITY): Names {
  const names = new Set<string | undefined>();
  for (const label of labels) {
    names.add(nameOf(label));
    if (names.size >= most) break;
  }
  return names;
}

const isBinary = (names: Names) => names.size === 2 && names.has("0") && names.has("1");

/**
 * The names of scores by their place. Names that are no numbers and that nobody has put in order are in that of
 * scikit-learn's `classes_`: sorted.
 */
function classOrder(
  classes: readonly string[],
  names: readonly string[],
): (count: number) => readonly string[] {
  const areNumbers = names.every((name) => numberOf(name) !== undefined);
  return (count) => {
    if (classes.length === count) return classes.map((name) => nameOf(name) ?? name);
    const isWhole = names.length === count && (!areNumbers || !names.includes("0"));
    if (isWhole) return areNumbers ? names.toSorted((a, b) => Number(a) - Number(b)) : names.toSorted();
    return Array.from({ length: count }, (_, index) => String(index));
  };
}

function readAnswer(
  value: unknown,
  order: (count: number) => readonly string[],
  binary: boolean,
): ClassAnswer {
  const scores = numbersOf(value) ?? (binary ? bothOf(value) : undefined);
  if (scores === undefined) return { category: nameOf(value) };
  const names = order(scores.length);
  const best = scores.reduce((best, score, index) => (score > (scores[best] ?? score) ? index : best), 0);
  const category = names[best];
  const areProbabilities = scores.every((score) => score >= 0) && Math.abs(sum(scores) - 1) <= 0.01;
  if (!areProbabilities) return { category };
  return { category, probabilities: new Map(scores.map((score, index) => [names[index] ?? "", score])) };
}

/** One number between 0 and 1 is the probability of the second of two classes. */
function bothOf(value: unknown): readonly number[] | undefined {
  const number = numberOf(value);
  const isProbability = number !== undefined && number > 0 && number < 1;
  return isProbability ? [1 - number, number] : undefined;
}

function markOf({ category, probabilities }: ClassAnswer, label: string | undefined): Mark {
  const right = category !== undefined && category === label;
  const named = category === undefined ? {} : { category };
  if (probabilities === undefined || label === undefined) return { right, ...named };
  const probability = Math.max(LEAST_PROBABILITY, probabilities.get(label) ?? 0);
  return {
    right,
    ...named,
    loss: Math.min(1, Math.max(0, Math.log(probability) / Math.log(LEAST_PROBABILITY))),
  };
}

const scored = ({ value, label, mark }: ReadPrediction, read: (value: unknown) => ClassAnswer) => ({
  label: nameOf(label) ?? "",
  right: mark.right,
  ...read(value),
});
