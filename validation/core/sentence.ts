import type { Slot } from "../../contract/slot.ts";
import type { HoldReason, Verdict } from "./verdict.ts";

const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  baking: "baking",
  unreadable: "waiting for an answer",
  "baseline-failing": "waiting, because the active slot is failing itself",
  doubt: "holding, because it may be the candidate and may be its clients",
  paused: "waiting for a person",
  drift: "holding, because the route is not as the release has it",
  approval: "proven, and waiting for a person",
  watched: "proven, and only watched",
  "not-ready": "not ready for users",
  refused: "refused, because of what it has shown before",
  retreated: "gave its users back",
};

/** How blind a step still is. */
export interface Blindness {
  /** The share of failing requests that would have been rolled back by now, 0 to 1. */
  readonly spot: number;
  /** Reasons that say it in words of their own. */
  readonly saidBy: readonly string[];
}

/**
 * The verdict in one sentence; its reasons carry the numbers seen and the numbers allowed. The smallest detectable failure rate stands behind
 * it, unless a reason that is shown says it already. `blindness`: undefined: there is nobody to compare with.
 * `cohort`: the candidate has it, and no users yet.
 */
export function sentence(
  verdict: Verdict,
  candidate: Slot,
  sharePercent: number,
  blindness?: Blindness,
  cohort?: string,
): string {
  const isSaid = verdict.reasons.slice(0, SHOWN).some((reason) => blindness?.saidBy.includes(reason));
  const blind =
    blindness === undefined || isSaid
      ? ""
      : ` (smallest detectable failure rate ${Number((blindness.spot * 100).toPrecision(2))} %)`;
  const has = cohort === undefined ? `${sharePercent} %` : `cohort ${cohort}`;
  const alone = cohort === undefined ? "" : ALONE;
  const where = cohort === undefined ? `at ${has}` : `with ${has}`;
  return `${words(verdict, candidate, { has, where: `${candidate} ${where}` })}${blind}${alone}`;
}

const ALONE = " (a cohort is compared with nobody: alarms, health and its own answers decide)";

function words(
  verdict: Verdict,
  candidate: Slot,
  { has, where }: { readonly has: string; readonly where: string },
): string {
  const because = shortened(verdict.reasons);
  switch (verdict.kind) {
    case "advance":
      if (verdict.cohort !== undefined)
        return `${candidate} gets cohort ${verdict.cohort}, and no users yet: ${because}`;
      return `${candidate} advances from ${has} to ${verdict.to} %: ${because}`;
    case "promote":
      return `${candidate} is promoted: ${because}`;
    case "rollback":
      return `${candidate} is rolled back from ${has}: ${because}`;
    case "retreat":
      return `${candidate} gives its ${has} back, and is tried again: ${because}`;
    case "insufficient":
      return `${where}: not enough evidence${late(verdict.expired)}: ${because}`;
    case "hold":
      return `${where}: ${HOLD_WORDS[verdict.why]}${late(verdict.expired)}: ${because}`;
  }
}

const SHOWN = 3;

/** The first reasons; the evidence has them all. */
function shortened(reasons: readonly string[]): string {
  const more = reasons.length - SHOWN;
  const shown = reasons.slice(0, SHOWN).join("; ");
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

const late = (expired: boolean) => (expired ? ", and the deadline has passed" : "");
