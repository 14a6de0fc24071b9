/** A model's answer counts as unsure below this: not twice as sure as a guess among ten digits. */
const unsureBelow = 0.2;

/** Where this process runs, as the environment of its task says. */
export interface TaskPlace {
  readonly slot: string;
  readonly release: string | undefined;
}

/**
 * One line in CloudWatch's embedded metric format for an answer that the model is not sure of; undefined when it is.
 * Written to standard output it becomes the count `Unsure` of the slot, with no SDK, no credentials and no right but
 * that to write the log. What is no dimension is searchable in the log, and makes no metric of its own: the next
 * release is compared under the same two names.
 */
export function unsureLine(
  sureness: number,
  { slot, release }: TaskPlace,
  modelVersion: string,
  nowMs: number = Date.now(),
): string | undefined {
  if (sureness >= unsureBelow) return undefined;
  return JSON.stringify({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        { Namespace: "Digits", Dimensions: [["Slot"]], Metrics: [{ Name: "Unsure", Unit: "Count" }] },
      ],
    },
    Slot: slot,
    Unsure: 1,
    release,
    modelVersion,
    sureness,
  });
}

/**
 * One line for an answer that somebody may label later: `npx bluegreen feedback` finds it by the request's id, and knows
 * what was answered and when; whose log it is says which slot.
 */
export const predictionLine = (
  requestId: string,
  answer: number,
  version: string,
  nowMs: number = Date.now(),
): string => JSON.stringify({ prediction: { requestId, version, at: nowMs, answer } });
