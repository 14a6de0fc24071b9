import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The long stories, each minutes of a machine's time: `npm run test:stories`. `npm test` has everything else, the
// main job among it, and stays below six minutes.
const LONG_STORIES = [
  "seeing/console",
  "seeing/console-page",
  "releases/agent",
  "releases/bad-release",
  "releases/external",
  "releases/isolated-tests",
  "releases/kill-rollout",
  "releases/kill-rollout-steps",
  "releases/late-labels",
  "releases/late-metrics",
  "releases/late-points",
  "releases/no-evidence",
  "releases/own-alarms",
  "releases/proven",
  "releases/replay-requests",
  "releases/retreat",
  "releases/share-capacity",
  "releases/shadow",
  "releases/signals",
  "releases/sticky",
  "releases/strangers",
  "releases/traffic",
  "releases/warming",
  "stack/authorized",
  "stack/canaries",
  "stack/frozen-slots",
  "stack/no-changes",
  "stack/plain-refusals",
  "stack/rotate",
  "stack/secrets",
  "stack/teardown",
  "stack/two-models",
  "stack/undeployed-model",
  "stack/two-projects",
  "steering/cohorts",
  "steering/manual",
  "steering/hand-circle",
  "steering/held",
  "steering/revert-in-the-dark",
  "steering/steering",
  "steering/steering-without-users",
]
  .map((story) => `test/scenario/${story}.test.ts`)
  // A cloud that dies and comes back, and one whose disk is broken, many times each.
  .concat("test/local/restart.test.ts", "test/local/bad-disk.test.ts")
  // Each image of the examples, started and measured.
  .concat("test/examples/images-local.test.ts")
  // The schemas of docs/schemas/ made anew, which takes the compiler some seconds.
  .concat("test/tools/result-schemas.test.ts")
  // Every command of the README, as printed, with the demo among them.
  .concat("test/pages/commands.test.ts", "test/pages/tour.test.ts")
  // Real clients and a real browser beside the local cloud, and the engine's longest ways.
  .concat(
    "test/clients/boto3.test.ts",
    "test/clients/aws-cli.test.ts",
    "packages/local-cloud/test/access/browser.test.ts",
    "test/validation/report/browser.test.ts",
  )
  .concat(
    ["automation", "hooks", "program", "transforms", "builtins"].map(
      (name) => `packages/pulumi-engine/test/${name}.test.ts`,
    ),
  )
  // Tools that start others: the run on a real account killed at each step, and the tests with the Pulumi CLI.
  .concat("test/tools/aws-run/kill.test.ts", "test/tools/test-cli.test.ts");
// GitHub's workflows, run for real as far as a local machine can: `npm run test:workflows`.
const WORKFLOW_STORIES = ["release", "first-release", "killed", "reverted", "preview", "steered"].map(
  (story) => `test/workflows/${story}.test.ts`,
);
// With moto as the judge, which takes Python: `npm run test:moto`.
const WITH_MOTO = ["test/moto/**/*.test.ts"];
// With real model servers as the judge, which take Python: `npm run test:servers`.
const WITH_SERVERS = ["test/servers/**/*.test.ts"];
// In both: a sample in `npm test`, everything in `npm run test:stories` (test/support/sampled.ts).
const SAMPLED = [
  "contract/transition/properties",
  "local/gateway/ways-back",
  "validation/rollout/strangers",
  "validation/suite/faults",
  "watchdog/alone",
  "watchdog/lag",
].map((name) => `test/${name}.test.ts`);
const only = { long: LONG_STORIES, workflows: WORKFLOW_STORIES, moto: WITH_MOTO, servers: WITH_SERVERS }[
  process.env["STORIES"] ?? ""
];

export default defineConfig({
  test: {
    // The same machine, the same engine, whatever is installed there; `npm run test:cli` asks for the other one.
    env: {
      BLUEGREEN_ENGINE: process.env["BLUEGREEN_ENGINE"] ?? "embedded",
      // What runs write down of themselves is the developer's own, and not for tests.
      BLUEGREEN_STATE_DIRECTORY: join(
        import.meta.dirname,
        "node_modules",
        ".cache",
        "bluegreen",
        "test-state",
      ),
    },
    unstubEnvs: true,
    include:
      only === LONG_STORIES
        ? [...only, ...SAMPLED]
        : (only ?? ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"]),
    exclude: [
      "**/node_modules/**",
      ...(only === undefined ? [...LONG_STORIES, ...WORKFLOW_STORIES, ...WITH_MOTO, ...WITH_SERVERS] : []),
    ],
    // Process tests wait on events; this is the bound after which an event that never came fails the test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two processes for all files: to load the SDKs for each one took a third of the time. A file ends what it starts,
    // and leaves no environment, no folder and no global changed. Stories have a process each.
    pool: "forks",
    isolate: only !== undefined,
    // Most of what is made lives for one test: with more room for it, less time goes to the garbage collector.
    execArgv: ["--max-semi-space-size=64"],
    // At sixty times the clock what the machine does beside makes users wait, and that counts: the workflows go alone.
    maxWorkers: only === WORKFLOW_STORIES || only === WITH_SERVERS ? 1 : 2,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
