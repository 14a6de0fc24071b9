import { failed, type Answer } from "./traffic.ts";
import type { Told } from "./story.ts";

/** What `npm run demo -- --json` prints of one release. Users, failures and versions are the client's count. */
export interface ReleaseFigures {
  readonly name: string;
  readonly outcome: Told["outcome"];
  readonly activeSlotAfter: string;
  readonly reason: string;
  readonly usersRequests: number;
  readonly usersFailedRequests: number;
  /** Failed requests that were answered by the version on the slot that was active before the release. */
  readonly failedOnActiveSlot: number;
  readonly usersOnCandidate: number;
  /** From the first failed answer of the candidate to the moment its share was 0; null: none, or no revert. */
  readonly virtualSecondsFirstFailureToRevert: number | null;
  /** Real seconds from the verdict to the new weights; null: no revert. */
  readonly secondsRevertToWeights: number | null;
}

export function figuresOf(told: Told, all: readonly Answer[], speed: number): ReleaseFigures {
  const answers = all.filter(({ realMs }) => realMs >= told.fromRealMs && realMs < told.toRealMs);
  const ofCandidate = answers.filter(({ version }) => version === told.version);
  const lost = answers.filter(failed);
  const firstFailure = ofCandidate.find(failed);
  const { reverted } = told;
  return {
    name: told.name,
    outcome: told.outcome,
    activeSlotAfter: told.activeSlotAfter,
    reason: told.reason,
    usersRequests: answers.length,
    usersFailedRequests: lost.length,
    failedOnActiveSlot: lost.filter(({ version }) => version !== undefined && version !== told.version)
      .length,
    usersOnCandidate: ofCandidate.length,
    virtualSecondsFirstFailureToRevert:
      reverted === undefined || firstFailure === undefined
        ? null
        : round(((reverted.realMs - firstFailure.realMs) / 1000) * speed),
    secondsRevertToWeights: reverted === undefined ? null : round(reverted.seconds),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
