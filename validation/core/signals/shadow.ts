import {
  factorLogs,
  logCapital,
  timesNeeded,
  upperMean,
  winnings,
  type Counted,
  type Purse,
} from "../betting.ts";

/**
 * Whether the candidate answers otherwise than the active model, by more than the active model does itself. A request is
 * asked three times: of the active model, whose answer the user gets, of the candidate, and of the active model again.
 *
 *   X = [candidate's answer is not the first] - [second answer is not the first], which is -1, 0 or 1
 *   H0: E[X] <= allowed      K_n = Σ_j π_j Π_{i <= n} (1 + λ_j (X_i - allowed)),  0 < λ_j <= 1 / (1 + allowed)
 *
 * While E[X_i | before] <= allowed, K is a supermartingale that begins at 1, so the probability that it ever reaches
 * 1 / α is at most α, however often one looks (Ville; Waudby-Smith and Ramdas, arXiv 2010.09686). The stakes λ_j are
 * fixed before, so the product does not depend on the order within a minute, and four counts of it are enough. The limits
 * are what no such bet has ruled out: E[X] >= `low` and E[X] <= `high`, each with the same α.
 *
 * Each pair is its own control: whatever makes a request hard to answer twice alike hits both sides of it. A candidate
 * that is the active model has E[X | before] = 0 exactly, whichever requests come, and however often one comes again.
 * A candidate that may differ (allowed above 0) on requests that come in clusters of up to c, such as one user's,
 * has its factors taken to the power 1 / c: by Hölder E[Π f_i^(1/c)] <= Π E[f_i]^(1/c) <= 1 for any dependence in them.
 */

/** How many pairs of one time were so; their sum are the pairs. */
export interface PairCells {
  /** Neither the candidate nor the second answer of the active model is as the first. */
  readonly both: number;
  readonly onlyCandidate: number;
  readonly onlyAgain: number;
  readonly neither: number;
}

/** The pairs whose first answer was given in a minute; `atMs` is when it began, epoch ms. */
export interface ShadowMinute extends PairCells {
  readonly atMs: number;
}

export interface ShadowPolicy {
  /** Greatest probability of ever saying that a candidate differs more than allowed that does not. */
  readonly alpha: number;
  /** Part of the answers, 0 to 1, that may differ more than the active model's own do. */
  readonly allowedDisagreement: number;
  /** Where less than this part is shown to differ, the candidate counts as shown alike; above what is allowed. */
  readonly sight: number;
  /** Pairs that may depend on each other, at most; 1: none do. */
  readonly clusterSize: number;
}

export interface ShadowJudgement {
  /** Requests that the candidate and, twice, the active model have answered. */
  readonly pairs: number;
  /** Part of the pairs, 0 to 1, in which the candidate's answer is not the active model's first one. */
  readonly candidateDiffers: number;
  /** The same of the active model's second answer. */
  readonly activeDiffers: number;
  /** The difference of these two, -1 to 1. */
  readonly excess: number;
  /** What it is at least, but for the error probability. */
  readonly low: number;
  /** What it is at most, but for the error probability. */
  readonly high: number;
  /** E-value against "no more than is allowed", now. */
  readonly evidence: number;
  /** So large an e-value is enough. */
  readonly needed: number;
  /** The minute by which it was enough first, epoch ms; undefined: it never was. */
  readonly seenAtMs: number | undefined;
  /** Whether less than `sight` is shown now. */
  readonly isAlike: boolean;
  /** Pairs like these, all together, until that is shown; undefined: it is, or no number of them would. */
  readonly pairsNeeded: number | undefined;
}

/**
 * From nearly all, for a model that always answers itself alike, to what is best at an excess of 0.2 points among 10 %
 * of noise. A stake loses its worth slowly around the best one: the best is excess / noise.
 */
const STAKES: readonly number[] = Array.from({ length: 10 }, (_, j) => 0.95 / 47 ** (j / 9));
const PURSE: Purse = { stakes: STAKES, parts: STAKES.map(() => 1 / STAKES.length) };

/** The evidence as it grows. */
export interface ShadowEvidence {
  add(cells: PairCells): void;
  /** Natural logarithm of the e-value. */
  logE(): number;
}

export function shadowEvidence({
  allowedDisagreement,
  clusterSize,
}: Pick<ShadowPolicy, "allowedDisagreement" | "clusterSize">): ShadowEvidence {
  const [more, same, less] = [1, 0, -1].map((x) => factorLogs(PURSE, x, allowedDisagreement));
  const logs = STAKES.map(() => 0);
  return {
    add({ both, onlyCandidate, onlyAgain, neither }) {
      for (let j = 0; j < logs.length; j++) {
        const won = onlyCandidate * (more?.[j] ?? 0) + onlyAgain * (less?.[j] ?? 0);
        logs[j] = (logs[j] ?? 0) + (won + (both + neither) * (same?.[j] ?? 0)) / clusterSize;
      }
    },
    logE: () => logCapital(PURSE, logs),
  };
}

/** What the pairs of all minutes say; oldest first. */
export function judgeShadow(minutes: readonly ShadowMinute[], policy: ShadowPolicy): ShadowJudgement {
  const { alpha, sight, clusterSize } = policy;
  const wantedLog = Math.log(1 / alpha);
  const grown = shadowEvidence(policy);
  let seenAtMs: number | undefined;
  for (const minute of minutes) {
    grown.add(minute);
    if (seenAtMs === undefined && grown.logE() >= wantedLog) seenAtMs = minute.atMs;
  }
  const cells = cellsOf(minutes);
  const pairs = pairsOf(cells);
  const part = (count: number) => (pairs === 0 ? 0 : count / pairs);
  const counted = (sign: 1 | -1): readonly Counted[] => [
    [sign, cells.onlyCandidate / clusterSize],
    [-sign, cells.onlyAgain / clusterSize],
    [0, (cells.both + cells.neither) / clusterSize],
  ];
  const high = upperMean(PURSE, counted(1), wantedLog);
  const isAlike = high < sight;
  const times = isAlike ? undefined : timesNeeded(PURSE, winnings(PURSE, counted(-1), -sight), wantedLog);
  return {
    pairs,
    candidateDiffers: part(cells.both + cells.onlyCandidate),
    activeDiffers: part(cells.both + cells.onlyAgain),
    excess: part(cells.onlyCandidate - cells.onlyAgain),
    low: -upperMean(PURSE, counted(-1), wantedLog),
    high,
    evidence: Math.min(Math.exp(grown.logE()), Number.MAX_VALUE),
    needed: 1 / alpha,
    seenAtMs,
    isAlike,
    pairsNeeded: times === undefined || pairs === 0 ? undefined : Math.ceil(pairs * times),
  };
}

export const pairsOf = ({ both, onlyCandidate, onlyAgain, neither }: PairCells): number =>
  both + onlyCandidate + onlyAgain + neither;

const cellsOf = (minutes: readonly PairCells[]): PairCells => {
  const sum = (of: (cells: PairCells) => number) => minutes.reduce((total, cells) => total + of(cells), 0);
  return {
    both: sum(({ both }) => both),
    onlyCandidate: sum(({ onlyCandidate }) => onlyCandidate),
    onlyAgain: sum(({ onlyAgain }) => onlyAgain),
    neither: sum(({ neither }) => neither),
  };
};
