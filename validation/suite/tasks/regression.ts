import { defineTask, type Answer } from "./define.ts";
import { hasFraction, mean, numberOf, standardDeviation } from "./values.ts";

/** Numbers: right within a tolerance, and how far off otherwise. */
export const definition = defineTask({
  name: "regression",
  fits: (labels, answers) =>
    labels.every((label) => numberOf(label) !== undefined) &&
    (labels.some(hasFraction) || answers.some(hasFraction)),
  open({ policy, labels }) {
    const { absoluteTolerance = 0, relativeTolerance = 0 } = policy;
    const scale = scaleOf(labels.flatMap((label) => numberOf(label) ?? []));
    return {
      name: "regression",
      judgesRight: absoluteTolerance > 0 || relativeTolerance > 0,
      lossOf: `an error of ${Number(scale.toPrecision(4))} or more, the standard deviation of the labels`,
      mark(value, label) {
        const [given, wanted] = [numberOf(value), numberOf(label)];
        if (given === undefined || wanted === undefined) return { right: false, loss: 1 };
        const error = Math.abs(given - wanted);
        return {
          right: error <= absoluteTolerance + relativeTolerance * Math.abs(wanted),
          loss: Math.min(1, error / scale),
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

function measuresOf(answers: readonly Answer[], quantile: number): Readonly<Record<string, number>> {
  const errors = answers.flatMap(({ value, label }) => {
    const [given, wanted] = [numberOf(value), numberOf(label)];
    return given === undefined || wanted === undefined ? [] : [given - wanted];
  });
  if (errors.length === 0) return {};
  return {
    meanAbsoluteError: mean(errors.map(Math.abs)),
    rootMeanSquaredError: Math.sqrt(mean(errors.map((error) => error ** 2))),
    // Koenker and Bassett 1978: too low costs the quantile, too high the rest.
    quantileLoss: mean(errors.map((error) => (error < 0 ? -quantile * error : (1 - quantile) * error))),
    meanError: mean(errors),
  };
}
