import { integer, isRecord, list, oneOf, text, textOr, type Field, type ValuesOf } from "./field.ts";
import type { Slot } from "./slot.ts";

/**
 * One candidate's way from `deploy` to promoted or rolled back, as the stack's configuration remembers it.
 * Written by the tools only; times are ISO 8601 in the cloud's own clock.
 */
export const RELEASE_STATES = ["deployed", "running", "paused", "promoted", "rolledBack"] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

export interface Release {
  readonly id: string;
  readonly slot: Slot;
  /** Image reference of the candidate: the digest, or on the local cloud the reference as given. */
  readonly digest: string;
  readonly state: ReleaseState;
  /** The share in percent that the release has asked for last. */
  readonly weight: number;
  readonly stepSince: string;
  readonly deadline: string;
  /** Since when that share is live, when later updates left it as it was; empty: since the last update. */
  readonly liveSince: string;
  /** Shares of `rollout.approvals` that a person has approved. */
  readonly approvedSteps: readonly number[];
  /** What the isolated tests of this candidate said last; undefined: it was not tested. */
  readonly tested?: Tested | undefined;
  /** Id of an earlier, promoted release of the same digest that lets this one go without bakes; empty: none. */
  readonly fastTrack: string;
  readonly owner: string;
  readonly reason: string;
}

export const TEST_OUTCOMES = ["passed", "failed", "insufficient"] as const;

/** The result of isolated tests, and of what. */
export interface Tested {
  readonly outcome: (typeof TEST_OUTCOMES)[number];
  /** SHA-256 of the suite (its settings, the golden set) and of every number that it saw. */
  readonly digest: string;
  readonly at: string;
  /** ARN of the task definition that was tested: another one has not been. */
  readonly taskDefinition: string;
}

const ANYTHING = /^[\s\S]*$/;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)?$/;

const tested: Field<Tested | undefined> = {
  type: "object",
  allowed: "what `npx bluegreen test` wrote",
  default: undefined,
  meaning: "Result of the isolated tests: outcome, digest of suite and numbers, time, task definition.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { digest, at, taskDefinition } = raw;
    const outcome = TEST_OUTCOMES.find((word) => word === raw["outcome"]);
    const isWhole =
      typeof digest === "string" &&
      /^sha256:[0-9a-f]{64}$/.test(digest) &&
      typeof at === "string" &&
      TIME.test(at) &&
      typeof taskDefinition === "string";
    return outcome !== undefined && isWhole ? { value: { outcome, digest, at, taskDefinition } } : undefined;
  },
};

export const releaseFields = {
  id: text(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits, hyphens", "Identifier of the release."),
  slot: oneOf(["blue", "green"], "blue", "Slot of the candidate."),
  digest: textOr(ANYTHING, "text", "", "Image of the candidate."),
  state: oneOf(RELEASE_STATES, "deployed", "Where the release is."),
  weight: integer({ min: 0, max: 100, unit: "percent" }, 0, "Share that the release asked for last."),
  stepSince: textOr(TIME, "an ISO 8601 time", "", "When that share was asked for."),
  deadline: textOr(TIME, "an ISO 8601 time", "", "When the step must have been decided."),
  liveSince: textOr(
    TIME,
    "an ISO 8601 time",
    "",
    "Since when that share is live, when later updates left it as it was.",
  ),
  approvedSteps: list(
    (raw) => integer({ min: 1, max: 100 }, 1, "").read(raw)?.value,
    "a list of whole percents",
    [],
    "Shares that a person has approved.",
  ),
  tested,
  fastTrack: textOr(
    ANYTHING,
    "text",
    "",
    "Earlier release of the same digest that spares this one the bakes.",
  ),
  owner: textOr(ANYTHING, "text", "", "Who runs the release."),
  reason: textOr(ANYTHING, "text", "", "Why the release is in this state."),
} as const;

/** The release of a parsed configuration; undefined when none was ever deployed. */
export function releaseOf({ id, ...values }: ValuesOf<typeof releaseFields>): Release | undefined {
  return id === undefined ? undefined : { id, ...values };
}

/** Whether a release still moves or may move users. */
export function isOpen(release: Release | undefined): release is Release {
  return release !== undefined && ["deployed", "running", "paused"].includes(release.state);
}
