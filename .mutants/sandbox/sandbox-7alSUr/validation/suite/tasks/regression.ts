import { every, picked, some } from "../many/many.ts";
import { defineTask, type ReadPrediction } from "./define.ts";
import { hasFraction, mean, numberOf, standardDeviation } from "./values.ts";

/** Numbers: right within a tolerance, and how far off otherwise. */
export const definition = defineTask({
  name: "regression",
  fits: (labels, answers) =>
    every(labels, (label) => numberOf(label) !== undefined) &&
    (some(labels, hasFraction) || some(answers, hasFraction)),
  open({ policy, labels }) {
    const { absoluteTolerance = 0, relativeTolerance = 0 } = policy;
    const scale = scaleOf([...picked(labels, numberOf)]);
    return {
      name: "regression",
      judgesRight: absoluteTolerance > 0 || relativeTolerance > 0,
      lossOf: `an error of ${Number(scale.toPrecision(4))} or more, the standard deviation of the labels`,
      mark(value, label) {
        const [given, wanted] = [numberOf(value), numberOf(label)];
        if (given === undefined || wanted === undefined) return { right: false, loss: 1 };
        const error = given - wanted;
        const size = Math.abs(error);
        return {
          right: size <= absoluteTolerance + relativeTolerance * Math.abs(wanted),
          loss: Math.min(1, size / scale),
          error: Math.max(-1, Math.min(1, error / (2 * scale))),
        };
      },
      measures: (answers) => measuresOf(answers, policy.quantile),
    };
  },
});

/** Where all labels are the same, their size is the only measure there is. */
function scaleOf(labels: readonly number[]): number {
  const spread = labels.length === 0 ? 0 : standardDeviation(labels);
  return spread > 0 ? spread : Math.max(1, Math.abs(labels[0] ?? 0));
}

function measuresOf(answers: Iterable<ReadPrediction>, quantile: number): Readonly<Record<string, number>> {
  const errors = [
    ...picked(answers, ({ value, label }) => {
      const [given, wanted] = [numberOf(value), numberOf(label)];
      return given === undefined || wanted === undefined ? undefined : given - wanted;
    }),
  ];
  if (errors.length === 0) return {};
  return {
    meanAbsoluteError: mean(errors.map(Math.abs)),
    rootMeanSquaredError: Math.sqrt(mean(errors.map((error) => error ** 2))),
    // Koenker and Bassett 1978: too low costs the quantile, too high the rest.
    quantileLoss: mean(errors.map((error) => (error < 0 ? -quantile * error : (1 - quantile) * error))),
    meanError: mean(errors),
  };
}
