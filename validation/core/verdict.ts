import type { Assessment } from "./assessment.ts";

/**
 * - `baking`: the step has not been watched for long enough.
 * - `unreadable`: a gate could not be read.
 * - `baseline-failing`: the active slot is in trouble itself, so a comparison would be unfair.
 * - `doubt`: something speaks against the candidate, and it may as well be others' doing.
 * - `paused`: a person has stopped it; failing gates still roll it back.
 * - `drift`: something else wrote the route's weights; failing gates still move all traffic back.
 * - `approval`: all is proven, and the policy wants a person to say yes to the next share.
 * - `watched`: all is proven, and whoever looks gives nobody more users.
 * - `not-ready`: the candidate, still without users, is not fit for the first of them.
 * - `refused`: before its first user, and what earlier releases of it have shown stands against it: no time changes that.
 * - `retreated`: it gave its users back in doubt, and waits until it is tried again, or for a person.
 */
export type HoldReason =
  | "baking"
  | "unreadable"
  | "baseline-failing"
  | "doubt"
  | "paused"
  | "drift"
  | "approval"
  | "watched"
  | "not-ready"
  | "refused"
  | "retreated";

interface Because {
  /** Sentences with their numbers, the deciding ones first. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Assessment[];
}

export type Verdict = Because &
  /** `cohort`: it alone gets the candidate, and `to` is 0. */
  (
    | { readonly kind: "advance"; readonly to: number; readonly cohort?: string | undefined }
    | { readonly kind: "promote" }
    | { readonly kind: "hold"; readonly why: HoldReason; readonly expired: boolean }
    | { readonly kind: "insufficient"; readonly expired: boolean }
    /**
     * All users back now, the release stays open and is tried again by itself. `doubt`: more speaks against the candidate
     * than chance explains, and less than ends a release; `outage`: both slots fail, and the step's time is over.
     */
    | { readonly kind: "retreat"; readonly cause: "doubt" | "outage" }
    /** `deadline`: nothing was seen against the candidate, and it had no more time. */
    | { readonly kind: "rollback"; readonly cause: "failing" | "deadline" }
  );
