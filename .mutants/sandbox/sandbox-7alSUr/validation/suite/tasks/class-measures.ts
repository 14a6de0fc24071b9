import { find, some } from "../many/many.ts";
import { mean, sum } from "./values.ts";

/** An answer as a classification reads it. */
export interface ClassAnswer {
  readonly category: string | undefined;
  /** By class, when the answer has scores that are probabilities. */
  readonly probabilities?: ReadonlyMap<string, number>;
}

export interface Classified extends ClassAnswer {
  readonly label: string;
  readonly right: boolean;
}

/** Below this a probability is none that anybody meant; it keeps the log loss finite, as scikit-learn's does. */
const SMALLEST = Number.EPSILON;
const BINS = 10;

/** Accuracy and macro F1; of scores that are probabilities also log loss, AUC and the calibration error. */
export function classMeasures(all: Iterable<Classified>): Readonly<Record<string, number>> {
  if (find(all, () => true) === undefined) return {};
  const counts = countsOf(all);
  const n = sum(counts.map(({ labelled }) => labelled));
  const ofLabels = { accuracy: sum(counts.map(({ right }) => right)) / n, macroF1: macroF1(counts) };
  if (some(all, ({ probabilities }) => probabilities === undefined)) return ofLabels;
  const auc = macroAuc(
    all,
    counts.flatMap(({ name, labelled }) => (labelled > 0 ? [name] : [])),
  );
  let loss = 0;
  for (const one of all) loss -= Math.log(Math.max(SMALLEST, probabilityOf(one, one.label)));
  return {
    ...ofLabels,
    logLoss: loss / n,
    ...(auc === undefined ? {} : { auc }),
    calibrationError: calibrationError(all, n),
  };
}

interface ClassCount {
  readonly name: string;
  right: number;
  labelled: number;
  answered: number;
}

function countsOf(all: Iterable<Classified>): readonly ClassCount[] {
  const counts = new Map<string, ClassCount>();
  const of = (name: string) => {
    const found = counts.get(name) ?? { name, right: 0, labelled: 0, answered: 0 };
    counts.set(name, found);
    return found;
  };
  for (const { label, category, right } of all) {
    of(label).labelled += 1;
    if (category !== undefined) of(category).answered += 1;
    if (right) of(label).right += 1;
  }
  return [...counts.values()];
}

/** The mean over all classes of 2 tp / (2 tp + fp + fn). */
const macroF1 = (counts: readonly ClassCount[]) =>
  mean(counts.map(({ right, labelled, answered }) => (2 * right) / (labelled + answered)));

const probabilityOf = ({ probabilities }: ClassAnswer, name: string) => probabilities?.get(name) ?? 0;

/** The scores of so many classes are in memory at once. */
const CLASSES_AT_ONCE = 4;

/** One class against the rest, by Mann and Whitney's count of pairs, ties counting a half; the mean over the classes. */
function macroAuc(all: Iterable<Classified>, names: readonly string[]): number | undefined {
  const areas: number[] = [];
  for (let at = 0; at < names.length; at += CLASSES_AT_ONCE) {
    const some = names.slice(at, at + CLASSES_AT_ONCE).map((name) => {
      return { name, ones: new Array<number>(), others: new Array<number>() };
    });
    for (const one of all) {
      for (const { name, ones, others } of some) {
        (one.label === name ? ones : others).push(probabilityOf(one, name));
      }
    }
    areas.push(...some.flatMap(({ ones, others }) => areaOf(ones, others) ?? []));
  }
  return areas.length === 0 ? undefined : mean(areas);
}

/** The share of pairs in which the one has the greater score. */
function areaOf(ones: readonly number[], others: readonly number[]): number | undefined {
  if (ones.length === 0 || others.length === 0) return undefined;
  const ascending = others.toSorted((a, b) => a - b);
  let [below, upTo, wins] = [0, 0, 0];
  for (const score of ones.toSorted((a, b) => a - b)) {
    while (below < ascending.length && (ascending[below] ?? 0) < score) below += 1;
    while (upTo < ascending.length && (ascending[upTo] ?? 0) <= score) upTo += 1;
    wins += (below + upTo) / 2;
  }
  return wins / (ones.length * others.length);
}

/** Expected calibration error (Naeini, Cooper and Hauskrecht 2015): ten bins of the answered class's probability. */
function calibrationError(all: Iterable<Classified>, n: number): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const one of all) {
    const confidence = probabilityOf(one, one.category ?? "");
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    bin.right += one.right ? 1 : 0;
  }
  return sum(bins.map(({ confidence, right }) => Math.abs(confidence - right))) / n;
}
