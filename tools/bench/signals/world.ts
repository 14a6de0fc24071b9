/**
 * A release of 24 hours as it is simulated: what both slots do in truth. Rates are per answer, times in minutes of the
 * release. What is declared beside it (delays, segments) is what a stack would declare.
 */
export interface SignalWorld {
  readonly name: string;
  /** Worlds of one name of this kind have the same random numbers, so what they share is the same. */
  readonly drawnAs: string;
  readonly minutes: number;
  /** The candidate's part of the users, and from which minute on. */
  readonly shares: readonly { readonly from: number; readonly part: number }[];
  /** What the candidate's rates of failed, late and refused requests are multiplied with. */
  readonly failing: number;
  readonly slow: number;
  readonly refused: number;
  readonly signals: readonly SignalPlan[];
}

export type SignalPlan = CountsPlan | SegmentsPlan | LossesPlan | ScoresPlan | LabelsPlan;

interface Named {
  readonly name: string;
  readonly action: "rollback" | "retreat" | "report";
}

/** Events among answers; with clusters, so many at once. */
export interface CountsPlan extends Named {
  readonly plan: "counts";
  readonly rate: number;
  readonly ratio: number;
  readonly cluster: number;
}

/** The same where users of different segments fare differently. */
export interface SegmentsPlan extends Named {
  readonly plan: "segments";
  readonly rate: number;
  /** Part of the users and ratio of each segment. */
  readonly segments: readonly { readonly part: number; readonly ratio: number }[];
  /** Whether the stack compares them by segment, too. */
  readonly areDeclared: boolean;
}

/** A loss in [0, 1] for each answer: U^(1/mean - 1), U uniform, which has this mean and most of it near 0. */
export interface LossesPlan extends Named {
  readonly plan: "losses";
  readonly mean: number;
  readonly ratio: number;
}

/** Normal scores. The candidate's are moved, squeezed, or in part one constant. */
export interface ScoresPlan extends Named {
  readonly plan: "scores";
  readonly shift: number;
  readonly spread: number;
  /** So large a part of its answers is the same number, in this tenth (from 0). */
  readonly constant: { readonly part: number; readonly tenth: number } | undefined;
}

/** Minutes from an answer until its label comes. */
export type Delay =
  | { readonly kind: "fixed"; readonly minutes: number }
  | { readonly kind: "exponential"; readonly mean: number };

export interface LabelsPlan extends Named {
  readonly plan: "labels";
  /** Part of the answers that are ever labelled. */
  readonly labelled: number;
  readonly wrong: number;
  readonly ratio: number;
  readonly whenWrong: Delay;
  readonly whenRight: Delay;
  /** So much later come all the candidate's labels. */
  readonly candidateLater: number;
  readonly labelAfterMinutes: number;
  /** As the product counts them, or in the minute in which they come, as a plain metric would. */
  readonly counted: "at age" | "as they come";
  /** The stack compares so many segments of equal size, too. */
  readonly segments: number;
}

export const REQUESTS_PER_MINUTE = 600;
export const DAY = 1440;

const USUAL: Omit<SignalWorld, "name" | "drawnAs"> = {
  minutes: DAY,
  shares: [{ from: 0, part: 0.1 }],
  failing: 1,
  slow: 1,
  refused: 1,
  signals: [],
};

export const world = (name: string, differs: Partial<SignalWorld> = {}): SignalWorld => ({
  ...USUAL,
  drawnAs: name,
  ...differs,
  name,
});

export const shareAt = ({ shares }: SignalWorld, minute: number): number =>
  shares.findLast(({ from }) => from <= minute)?.part ?? 0;
