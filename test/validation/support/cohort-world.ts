import { candidateReady } from "./samples.ts";
import { World } from "./world.ts";

/** The team, as `cohort add` wrote it; on the slot of everyone. */
export const INTERNAL = {
  name: "internal",
  slot: "blue",
  header: "x-team",
  values: ["ml"],
  until: "2027-01-01T00:00:00.000Z",
  place: 1,
};

/** A candidate on green that is ready, and whose release begins with the team, which sends three requests a minute. */
export function worldWithCohort(
  own: Record<string, unknown> = {},
  rollout: Record<string, unknown> = {},
): World {
  const raw = candidateReady();
  const steps = [{ cohort: "internal", bakeMinutes: 60 }, 10, 50, 100];
  const one = new World({
    ...raw,
    blue: { ...raw.blue, cohortGroup: true },
    green: { ...raw.green, cohortGroup: true },
    rollout: { ...raw.rollout, deadlineMinutes: 240, cohorts: true, steps, ...rollout },
    testToken: "0123456789abcdef0123456789abcdef",
    service: { testCidrs: ["10.0.0.0/8"] },
    cohorts: [INTERNAL],
    ...own,
  });
  one.cohortPerMinute = 3;
  return one;
}
