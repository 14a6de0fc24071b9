import type { Signal } from "./signal.ts";

/**
 * What `feedback` tells CloudWatch of labels, for the dashboard alone: in RELEASE_NAMESPACE, with the dimensions
 * Stack and Slot, at the minute of the predictions. Each value is what is known of that minute by now, so a greater one
 * takes the place of an earlier one (Maximum): a sum would count a repeated datapoint twice.
 */
export const LABEL_METRICS = {
  /** Predictions of the minute of which it is known how right they were. */
  labels: "Labels",
  /** Sum of how wrong they were: 1 for a wrong answer, or its loss. */
  wrong: "WrongLabels",
} as const;

/** Whether the stack compares labels: nobody else is told of them. */
export const readsLabels = ({ signals }: { readonly signals: readonly Pick<Signal, "source">[] }): boolean =>
  signals.some(({ source }) => source.from === "labels");
