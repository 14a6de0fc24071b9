/** A model's answer counts as unsure below this: not twice as sure as a guess among ten digits. */
const unsureBelow = 0.2;

/** Where this process runs, as the environment of its task says. */
export interface TaskPlace {
  readonly slot: string;
  readonly stack: string;
  readonly release: string | undefined;
}

/** What the model answered since the last line, for the signals of the stack (docs/signals/signals.md). */
export interface AnswerCounts {
  /** The model has looked at an image, and was so sure of its digit. */
  classified(sureness: number): void;
  /** The user got an answer; without a digit it is a refusal, which no load balancer tells from any other 200. */
  answered(digit: number): void;
  /**
   * One line in CloudWatch's embedded metric format, and the counts begin anew; undefined when there is nothing to say.
   * Written to standard output it becomes metrics of the slot, with no SDK, no credentials and no right but that to
   * write the log. Events and what they are counted among stand in one line: half of it would be a wrong rate. What is
   * no dimension is searchable in the log, and makes no metric of its own.
   */
  line(nowMs?: number): string | undefined;
}

// CloudWatch, "Specification: Embedded metric format": a metric in a line has at most 100 values.
const mostValues = 100;

export function answerCounts({ slot, stack, release }: TaskPlace, modelVersion: string): AnswerCounts {
  let surenesses: number[] = [];
  let [classified, unsure, answers, refused] = [0, 0, 0, 0];
  return {
    classified(sureness) {
      classified += 1;
      if (sureness < unsureBelow) unsure += 1;
      if (surenesses.length < mostValues) surenesses.push(sureness);
    },
    answered(digit) {
      answers += 1;
      if (!Number.isFinite(digit)) refused += 1;
    },
    line(nowMs = Date.now()) {
      if (classified + answers === 0) return undefined;
      const counts = { Classified: classified, Unsure: unsure, Answers: answers, Refused: refused };
      const scores = surenesses.length === 0 ? {} : { Sureness: surenesses };
      const metrics = [
        ...Object.keys(counts).map((Name) => ({ Name, Unit: "Count" })),
        ...Object.keys(scores).map((Name) => ({ Name, Unit: "None" })),
      ];
      surenesses = [];
      [classified, unsure, answers, refused] = [0, 0, 0, 0];
      return JSON.stringify({
        _aws: {
          Timestamp: nowMs,
          CloudWatchMetrics: [
            { Namespace: "MlBlueGreen/Signals", Dimensions: [["Stack", "Slot"]], Metrics: metrics },
          ],
        },
        Stack: stack,
        Slot: slot,
        ...counts,
        ...scores,
        release,
        modelVersion,
      });
    },
  };
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
