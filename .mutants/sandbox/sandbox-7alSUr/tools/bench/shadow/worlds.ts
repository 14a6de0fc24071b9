import type { Random } from "../decision/random.ts";

/**
 * One pair of a simulated release: what the user was answered, what the candidate answered, and what the active model
 * answered when it was asked again.
 */
export interface SimulatedPair {
  readonly candidateDiffers: boolean;
  readonly againDiffers: boolean;
}

export interface PairWorld {
  readonly name: string;
  readonly about: string;
  /**
   * Pairs of a model that answers a repeated request otherwise with the probability `own`, and of a candidate that does
   * so with a probability that is `excess` greater.
   */
  pairs(random: Random, own: number, excess: number): () => SimulatedPair;
}

/**
 * Why a model answers one request twice otherwise: sampling, and sums of floating-point numbers in another order, as a
 * batch of another size has them ("Defeating Nondeterminism in LLM Inference", Thinking Machines Lab, 2025: 80 of 1,000
 * answers at temperature 0 were unlike). Where the sum is near a border the label flips; elsewhere it never does.
 */
export const PAIR_WORLDS: readonly PairWorld[] = [
  {
    name: "each by itself",
    about:
      "the second answer and the candidate's differ from the first in different requests: the most noise there can be",
    pairs: (random, own, excess) => () => {
      const drawn = random();
      return {
        candidateDiffers: drawn < own + excess,
        againDiffers: drawn >= own + excess && drawn < 2 * own + excess,
      };
    },
  },
  {
    name: "borderline requests",
    about:
      "a part of the requests is answered by the toss of a coin, each time anew; all others always alike",
    pairs(random, own, excess) {
      // Two tosses differ half of the times. The candidate is wrong in others of the requests, always.
      const borderline = Math.min(1, 2 * own);
      const wrong = excess / (1 - borderline);
      return () => {
        if (random() >= borderline) return { candidateDiffers: random() < wrong, againDiffers: false };
        return { candidateDiffers: random() < 0.5, againDiffers: random() < 0.5 };
      };
    },
  },
  {
    name: "outliers",
    about:
      "each answer leaves the usual one with the same small probability; a first answer that did has both against it",
    pairs(random, own, excess) {
      // Two answers differ when one of them left: 2 p (1 - p) = own, and another outlier is another answer.
      const leaves = (1 - Math.sqrt(1 - 2 * Math.min(0.5, own))) / 2;
      const wrong = excess / (1 - own);
      return () => {
        const first = random() < leaves;
        return {
          candidateDiffers: random() < wrong || first !== random() < leaves,
          againDiffers: first !== random() < leaves,
        };
      };
    },
  },
  {
    name: "returning users",
    about:
      "100 users whose own request comes again and again, some of them on a border, by Zipf's law; a hard fault would be the same users'",
    pairs(random, own, excess) {
      const users = Array.from({ length: 100 }, () => ({
        isBorderline: random() < Math.min(1, 2 * own),
        isWrong: random() < excess,
      }));
      const weights = users.map((_, at) => 1 / (at + 1));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return () => {
        let left = random() * total;
        const user = users.find((_, at) => (left -= weights[at] ?? 0) < 0) ?? users[0];
        if (user?.isBorderline === true) {
          return { candidateDiffers: random() < 0.5, againDiffers: random() < 0.5 };
        }
        return { candidateDiffers: user?.isWrong === true, againDiffers: false };
      };
    },
  },
];
