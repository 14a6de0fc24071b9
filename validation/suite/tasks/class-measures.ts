import { mean, sum } from "./values.ts";

/** An answer as a classification reads it. */
export interface ReadAnswer {
  readonly category: string | undefined;
  /** By class, when the answer has scores that are probabilities. */
  readonly probabilities?: ReadonlyMap<string, number>;
}

export interface Classified extends ReadAnswer {
  readonly label: string;
  readonly right: boolean;
}

/** Below this a probability is none that anybody meant; it keeps the log loss finite, as scikit-learn's does. */
const SMALLEST = Number.EPSILON;
const BINS = 10;

/** Accuracy and macro F1; of scores that are probabilities also log loss, AUC and the calibration error. */
export function classMeasures(all: readonly Classified[]): Readonly<Record<string, number>> {
  if (all.length === 0) return {};
  const withScores = all.flatMap(({ label, right, category, probabilities }) =>
    probabilities === undefined ? [] : [{ label, right, category, probabilities }],
  );
  const ofLabels = { accuracy: mean(all.map(({ right }) => (right ? 1 : 0))), macroF1: macroF1(all) };
  if (withScores.length < all.length) return ofLabels;
  const auc = macroAuc(withScores);
  return {
    ...ofLabels,
    logLoss: mean(
      withScores.map(
        ({ label, probabilities }) => -Math.log(Math.max(SMALLEST, probabilities.get(label) ?? 0)),
      ),
    ),
    ...(auc === undefined ? {} : { auc }),
    calibrationError: calibrationError(withScores),
  };
}

/** The mean over all classes of 2 tp / (2 tp + fp + fn). */
function macroF1(all: readonly Classified[]): number {
  const counts = new Map<string, { right: number; labelled: number; answered: number }>();
  const of = (name: string) => {
    const found = counts.get(name) ?? { right: 0, labelled: 0, answered: 0 };
    counts.set(name, found);
    return found;
  };
  for (const { label, category, right } of all) {
    of(label).labelled += 1;
    if (category !== undefined) of(category).answered += 1;
    if (right) of(label).right += 1;
  }
  return mean(
    [...counts.values()].map(({ right, labelled, answered }) => (2 * right) / (labelled + answered)),
  );
}

type WithScores = Classified & Required<Pick<ReadAnswer, "probabilities">>;

/** One class against the rest, by Mann and Whitney's count of pairs, ties counting a half; the mean over the classes. */
function macroAuc(all: readonly WithScores[]): number | undefined {
  const names = [...new Set(all.map(({ label }) => label))];
  const areas = names.flatMap((name) => {
    const ranked = all
      .map(({ label, probabilities }) => ({ isOne: label === name, score: probabilities.get(name) ?? 0 }))
      .toSorted((a, b) => a.score - b.score);
    const ones = ranked.filter(({ isOne }) => isOne).length;
    const others = ranked.length - ones;
    if (ones === 0 || others === 0) return [];
    const ranks = sum(midRanks(ranked.map(({ score }) => score)).filter((_, i) => ranked[i]?.isOne === true));
    return [(ranks - (ones * (ones + 1)) / 2) / (ones * others)];
  });
  return areas.length === 0 ? undefined : mean(areas);
}

/** Ranks from 1 of ascending values; the same value has the mean of its places. */
function midRanks(ascending: readonly number[]): readonly number[] {
  const ranks: number[] = [];
  for (let from = 0; from < ascending.length;) {
    let to = from;
    while (ascending[to + 1] === ascending[from]) to += 1;
    for (let i = from; i <= to; i += 1) ranks.push((from + to) / 2 + 1);
    from = to + 1;
  }
  return ranks;
}

/** Expected calibration error (Naeini, Cooper and Hauskrecht 2015): ten bins of the answered class's probability. */
function calibrationError(all: readonly WithScores[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const { category, right, probabilities } of all) {
    const confidence = probabilities.get(category ?? "") ?? 0;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    bin.right += right ? 1 : 0;
  }
  return sum(bins.map(({ confidence, right }) => Math.abs(confidence - right))) / all.length;
}
