/** A part of the product that is mutated by itself, with the tests that have to notice: pure ones, which start nothing. */
export interface Area {
  readonly name: string;
  /** Globs of the sources. */
  readonly mutate: readonly string[];
  /** Globs of the tests. */
  readonly tests: readonly string[];
  /** Percent of the mutants that the tests must find; undefined: it is reported alone. */
  readonly least?: number;
}

const VALIDATION = "test/validation";

export const AREAS: readonly Area[] = [
  {
    name: "rollback",
    least: 90,
    mutate: ["validation/rollback/*.ts"],
    tests: [
      `${VALIDATION}/{rollback,stack,steering}/*.test.ts`,
      `${VALIDATION}/rollout/{step,retreat,configured-share,drift,follow-share,lower-tasks,evidence-goes-on,held-stack}.test.ts`,
      `${VALIDATION}/deploy/{retire,external}.test.ts`,
      `${VALIDATION}/core/revert-plan.test.ts`,
      `${VALIDATION}/cohorts/cohort-back.test.ts`,
    ],
  },
  {
    name: "locks",
    least: 90,
    mutate: [
      "validation/stack/locks.ts",
      "validation/core/{owner,work}.ts",
      "validation/rollout/ownership.ts",
    ],
    tests: [
      `${VALIDATION}/stack/{locks,lock-of-the-dead}.test.ts`,
      `${VALIDATION}/core/{owner,work}.test.ts`,
      `${VALIDATION}/rollout/ownership.test.ts`,
      `${VALIDATION}/rollback/concurrent-update.test.ts`,
    ],
  },
  {
    name: "updates",
    least: 90,
    mutate: ["validation/stack/{apply,interrupted,live-route,sync}.ts"],
    tests: [`${VALIDATION}/{stack,rollback,steering}/*.test.ts`, `${VALIDATION}/rollout/step.test.ts`],
  },
  {
    name: "core",
    least: 90,
    mutate: ["validation/core/*.ts"],
    tests: [
      `${VALIDATION}/core/*.test.ts`,
      `${VALIDATION}/core/planning/past-alarms.test.ts`,
      `${VALIDATION}/rollout/{step,retreat,held-release}.test.ts`,
      `${VALIDATION}/gates/cohort.test.ts`,
    ],
  },
  {
    name: "comparison",
    least: 90,
    mutate: ["validation/core/comparison/**/*.ts"],
    tests: [
      `${VALIDATION}/core/comparison/*.test.ts`,
      `${VALIDATION}/core/planning/past-alarms.test.ts`,
      `${VALIDATION}/core/signals/compared.test.ts`,
      // Without the thousand looks of `client-errors`: with edits in its loops each takes half a minute.
      `${VALIDATION}/gates/!(client-errors).test.ts`,
      `${VALIDATION}/rollout/read-counts.test.ts`,
    ],
  },
  {
    name: "signals",
    least: 90,
    mutate: ["validation/core/{signals,experiment,planning,changes}/**/*.ts"],
    tests: [`${VALIDATION}/core/**/*.test.ts`],
  },
  { name: "gates", mutate: ["validation/gates/*.ts"], tests: [`${VALIDATION}/gates/*.test.ts`] },
  {
    name: "steering",
    mutate: ["validation/steering/*.ts"],
    tests: [`${VALIDATION}/{steering,rollback,stack}/*.test.ts`],
  },
  {
    name: "rollout",
    mutate: ["validation/rollout/**/*.ts"],
    tests: [`${VALIDATION}/rollout/*.test.ts`, `${VALIDATION}/rollback/*.test.ts`],
  },
  { name: "contract", mutate: ["contract/**/*.ts"], tests: ["test/contract/**/*.test.ts"] },
  {
    name: "watchdog",
    mutate: ["watchdog/*.ts"],
    tests: [
      // `alone` and `lag` start a local cloud.
      "test/watchdog/!(alone|lag).test.ts",
      `${VALIDATION}/rollback/watchdog.test.ts`,
    ],
  },
  {
    name: "gateway",
    mutate: ["packages/local-cloud/gateway/{choose-group,routing-table,slow-start,sticky-cookie}.ts"],
    tests: [
      "packages/local-cloud/test/gateway/{algorithms,choose-group,match-rule,slow-start,split,sticky-cookie,weight-changes}.test.ts",
    ],
  },
];
