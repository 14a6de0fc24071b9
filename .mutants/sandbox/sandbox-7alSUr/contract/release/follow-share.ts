import { integer, oneOf } from "../config/field.ts";

/** How many tasks a candidate and a standby have, as part of `rollout`. Why, and what it saves: docs/fleet/capacity.md. */
export const followFields = {
  capacity: oneOf(
    ["full", "share"],
    "full",
    "How many tasks a candidate has: `full`: as many as serve everyone, from its deploy on; `share`: before each step as many as the next share needs, with `headroomPercent` (docs/fleet/capacity.md).",
  ),
  headroomPercent: integer(
    { min: 0, max: 300, unit: "percent" },
    20,
    "With the capacity `share`: so many more tasks than the share alone needs, and never more than serve everyone.",
  ),
  standby: oneOf(
    ["warm", "share", "cold"],
    "warm",
    "What becomes of the standby `keepStandbyHours` after the promotion, by the next `step`: `warm`: it keeps its tasks; `share`: as many as the first of `rollout.steps` needs, and a revert is slow until it has more; `cold`: none, as `retire` does, and nothing to go back to.",
  ),
  keepStandbyHours: integer(
    { min: 0, max: 8760, unit: "hours" },
    24,
    "How long after a promotion the standby stays warm, whatever `standby` says, and `retire` leaves it, unless it is given up by name.",
  ),
} as const;

/** As many tasks as a share of all users needs: those that serve everyone, in proportion, and headroom. */
export function tasksForShare(everyone: number, percent: number, headroomPercent: number): number {
  // Whole numbers are multiplied first: 20 × 0.25 × 1.2 is 6.000000000000001 in some order, and would be 7.
  const wanted = Math.ceil((everyone * percent * (100 + headroomPercent)) / 10_000);
  return Math.max(1, Math.min(everyone, wanted));
}
