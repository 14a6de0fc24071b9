import { judgeShadow, type ShadowJudgement, type ShadowMinute, type ShadowPolicy } from "./shadow.ts";

/** What the agent of the active slot has counted of a candidate that has no users yet, by minute. */
export type LiveShadow =
  /** The model on the active slot was deployed without it. */
  | { readonly kind: "none" }
  /** The candidate's tasks have not replaced those that were there before. */
  | { readonly kind: "deploying" }
  | {
      readonly kind: "counted";
      /** From when on its tasks alone answer, epoch ms, and until when it is counted. */
      readonly sinceMs: number;
      readonly untilMs: number;
      readonly minutes: readonly ShadowCounts[];
    };

/** Sums of one minute, as contract/signals/agent-counts.ts has them. */
export interface ShadowCounts {
  readonly atMs: number;
  readonly pairs: number;
  readonly disagreed: number;
  readonly selfDisagreed: number;
  readonly bothDisagreed: number;
  /** undefined: the agent does not count how long answers take, as before 0.2. */
  readonly slower?: number | undefined;
  readonly faster?: number | undefined;
  readonly requests: number;
  readonly failed: number;
  readonly bothFailed: number;
  readonly sampled: number;
  readonly dropped: number;
}

export interface ShadowVerdict {
  readonly disagreement: ShadowJudgement;
  /** Whether the candidate gives no answer more often than the active model when asked again. */
  readonly failures: ShadowJudgement;
  /** Whether it takes clearly longer to answer; of no pairs where nobody counts that. */
  readonly latency: ShadowJudgement;
  readonly sampled: number;
  readonly dropped: number;
  /** Begin of a minute whose counts contradict each other, epoch ms; undefined: there is none. */
  readonly unreadableAtMs: number | undefined;
}

/** The table of four of a minute's pairs. */
const pairCells = ({ atMs, pairs, disagreed, selfDisagreed: self, bothDisagreed: both }: ShadowCounts) => ({
  atMs,
  both,
  onlyCandidate: disagreed - both,
  onlyAgain: self - both,
  neither: pairs - disagreed - self + both,
});

/** The same of its failures: a pair is there where both have answered. */
const failureCells = ({ atMs, requests, failed, bothFailed: both, pairs }: ShadowCounts) => ({
  atMs,
  both,
  onlyCandidate: failed - both,
  onlyAgain: requests - failed - pairs,
  neither: pairs,
});

/** And of how long the two took: one is clearly slower, or neither. */
const latencyCells = ({ atMs, pairs, slower = 0, faster = 0 }: ShadowCounts) => ({
  atMs,
  both: 0,
  onlyCandidate: slower,
  onlyAgain: faster,
  neither: pairs - slower - faster,
});

const isTimed = ({ slower, faster }: ShadowCounts) => slower !== undefined && faster !== undefined;

const isPossible = ({ both, onlyCandidate, onlyAgain, neither }: ShadowMinute): boolean =>
  Math.min(both, onlyCandidate, onlyAgain, neither) >= 0;

/** What all minutes say; those that contradict themselves are no evidence, and are named. */
export function judgeLiveShadow(minutes: readonly ShadowCounts[], policy: ShadowPolicy): ShadowVerdict {
  const readable = minutes.filter((minute) =>
    [pairCells, failureCells, latencyCells].every((cells) => isPossible(cells(minute))),
  );
  const unreadable = minutes.findLast((minute) => !readable.includes(minute));
  const sum = (of: (minute: ShadowCounts) => number) =>
    readable.reduce((total, minute) => total + of(minute), 0);
  return {
    disagreement: judgeShadow(readable.map(pairCells), policy),
    failures: judgeShadow(readable.map(failureCells), { ...policy, allowedDisagreement: 0 }),
    latency: judgeShadow(readable.filter(isTimed).map(latencyCells), { ...policy, allowedDisagreement: 0 }),
    sampled: sum(({ sampled }) => sampled),
    dropped: sum(({ dropped }) => dropped),
    unreadableAtMs: unreadable?.atMs,
  };
}
