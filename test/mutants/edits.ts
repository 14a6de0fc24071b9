/** A wrong edit of the product. */
export interface Edit {
  readonly name: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly from: string;
  readonly to: string;
  /** Tests of its area, as Vitest filters them. */
  readonly tests: readonly string[];
}

const CORE = ["test/validation/core/"];
const WATCHDOG = [
  "test/watchdog/decide",
  "test/watchdog/guard",
  "test/watchdog/untold",
  "test/watchdog/aws-ports",
];
const GATES = ["test/validation/gates/"];
const STACK = ["test/validation/stack/", "test/validation/rollback/"];

/** None of these was noticed by the tests of its area when they were first made. */
export const EDITS: readonly Edit[] = [
  {
    name: "revert --to answers already at a partial share",
    file: "validation/core/changes/revert-plan.ts",
    from: "return live?.[asked] === 100 ?",
    to: "return (live?.[asked] ?? 0) > 0 ?",
    tests: [...CORE, "test/validation/rollback/revert"],
  },
  {
    name: "a second attempt gets the full α",
    file: "validation/core/comparison/evidence/weighing.ts",
    from: "attempt <= 1 ? alpha : (6 * alpha) / (Math.PI ** 2 * attempt ** 2)",
    to: "attempt <= 2 ? alpha : (6 * alpha) / (Math.PI ** 2 * attempt ** 2)",
    tests: CORE,
  },
  {
    name: "proven only above what is needed",
    file: "validation/gates/comparison.ts",
    from: "judged.proof.evidence < judged.proof.needed",
    to: "judged.proof.evidence <= judged.proof.needed",
    tests: GATES,
  },
  {
    name: "one event of the candidate is none",
    file: "validation/core/comparison/evidence/weighing.ts",
    from: "minute.candidate.events > 0",
    to: "minute.candidate.events > 1",
    tests: CORE,
  },
  {
    name: "two changed resources are one",
    file: "validation/stack/apply.ts",
    from: "changedResources > 1",
    to: "changedResources > 2",
    tests: STACK,
  },
  {
    name: "nobody who holds a lock is dead",
    file: "validation/stack/locks.ts",
    from: "holders.length > 0 && holders.every",
    to: "holders.every",
    tests: STACK,
  },
  {
    name: "a lock is broken as often as it is there",
    file: "validation/stack/locks.ts",
    from: "why)) ? apply() : again",
    to: "why)) ? tryAgain() : again",
    tests: STACK,
  },
  {
    name: "the watchdog takes an unreadable route for the one that it wrote",
    file: "watchdog/roll-back.ts",
    from: "live !== undefined && sameSplit(live, split)",
    to: "live === undefined || sameSplit(live, split)",
    tests: WATCHDOG,
  },
  {
    name: "the watchdog counts targets that drain",
    file: "watchdog/aws.ts",
    from: '!State?.endsWith("draining")',
    to: 'State !== "draining of another word"',
    tests: WATCHDOG,
  },
  {
    name: "a weight that was not given is 0 to the watchdog",
    file: "watchdog/aws.ts",
    from: "Weight = 1 }",
    to: "Weight = 0 }",
    tests: WATCHDOG,
  },
  {
    name: "an alarm at the very moment of the share is not about its users",
    file: "watchdog/decide.ts",
    from: "sinceMs >= firstShareMs + neededMs",
    to: "sinceMs > firstShareMs + neededMs",
    tests: WATCHDOG,
  },
  {
    name: "a mark of any age tells that the watchdog wrote",
    file: "watchdog/untold.ts",
    from: "mark?.releaseId === releaseId && mark.atMs >= left.atMs",
    to: "mark?.releaseId === releaseId",
    tests: WATCHDOG,
  },
  {
    name: "a minute with just enough requests is not judged",
    file: "validation/gates/alarms.ts",
    from: "count >= minRequestsPerMinute",
    to: "count > minRequestsPerMinute",
    tests: GATES,
  },
  {
    name: "an active slot without users is a control",
    file: "validation/gates/alarms.ts",
    from: "const hasControl = comparison?.readable === true && active.share > 0;",
    to: "const hasControl = comparison?.readable === true;",
    tests: GATES,
  },
  {
    name: "a share as great as the first is not the first",
    file: "contract/release/retreat.ts",
    from: "weight <= (steps[0] ?? 100)",
    to: "weight < (steps[0] ?? 100)",
    tests: ["test/contract/first-share", "test/contract/route-tags", "test/validation/rollout/retreat"],
  },
];
