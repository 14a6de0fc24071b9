import { integer, isRecord, type Field } from "../config/field.ts";
import { COHORT_FIELDS } from "./cohort.ts";

/** The cohort that a release begins with, as its step was when it began: what the policy says later changes nothing. */
export interface ReleasedCohort {
  readonly name: string;
  /** Watched at least that long. */
  readonly bakeMinutes: number;
  /** The release has taken it from the active slot, and whoever ends the release brings it back; absent: it has not. */
  readonly moved?: true | undefined;
}

const minutes = integer({ min: 0, max: 10_080 }, 0, "");

export const releasedCohortField: Field<ReleasedCohort | undefined> = {
  type: "object",
  allowed: "what `npx bluegreen rollout` wrote",
  default: undefined,
  meaning: "Cohort that got the candidate before any user, how long it is watched, and whether it was moved.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const name = COHORT_FIELDS.name.read(raw["name"])?.value;
    const bakeMinutes = minutes.read(raw["bakeMinutes"])?.value;
    if (name === undefined || bakeMinutes === undefined) return undefined;
    const value = { name, bakeMinutes };
    return { value: raw["moved"] === true ? { ...value, moved: true } : value };
  },
};
