import { integer, oneOf, text, textOr, type ValuesOf } from "./field.ts";
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
  readonly owner: string;
  readonly reason: string;
}

const ANYTHING = /^[\s\S]*$/;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)?$/;

export const releaseFields = {
  id: text(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits, hyphens", "Identifier of the release."),
  slot: oneOf(["blue", "green"], "blue", "Slot of the candidate."),
  digest: textOr(ANYTHING, "text", "", "Image of the candidate."),
  state: oneOf(RELEASE_STATES, "deployed", "Where the release is."),
  weight: integer({ min: 0, max: 100, unit: "percent" }, 0, "Share that the release asked for last."),
  stepSince: textOr(TIME, "an ISO 8601 time", "", "When that share was asked for."),
  deadline: textOr(TIME, "an ISO 8601 time", "", "When the step must have been decided."),
  owner: textOr(ANYTHING, "text", "", "Who runs the release."),
  reason: textOr(ANYTHING, "text", "", "Why the release is in this state."),
} as const;

/** The release of a parsed configuration; undefined when none was ever deployed. */
export function releaseOf(values: ValuesOf<typeof releaseFields>): Release | undefined {
  const { id, slot, digest, state, weight, stepSince, deadline, owner, reason } = values;
  return id === undefined
    ? undefined
    : { id, slot, digest, state, weight, stepSince, deadline, owner, reason };
}

/** Whether a release still moves or may move users. */
export function isOpen(release: Release | undefined): release is Release {
  return release !== undefined && ["deployed", "running", "paused"].includes(release.state);
}
