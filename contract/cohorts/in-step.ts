import { isOpen, type Release } from "../release/release.ts";
import type { ReleasedCohort } from "./released.ts";

/** The cohort of a release whose candidate has that alone, and no share yet; undefined: it has users, had some, or has not begun. */
export function cohortInStep(release: Release | undefined): ReleasedCohort | undefined {
  if (!isOpen(release) || release.state === "deployed") return undefined;
  return release.weight === 0 && release.retreats.length === 0 ? release.cohort : undefined;
}
