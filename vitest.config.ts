import { defineConfig } from "vitest/config";

// The long stories, each minutes of a machine's time: `npm run test:stories`. `npm test` has everything else, the
// main job and every kill of a rollout among it, and stays below four minutes.
const LONG_STORIES = [
  "hand-circle",
  "isolated-tests",
  "steering",
  "steering-without-users",
  "sticky",
  "teardown",
].map((story) => `test/scenario/${story}.test.ts`);
const onlyStories = process.env["STORIES"] === "long";

export default defineConfig({
  test: {
    include: onlyStories ? LONG_STORIES : ["test/**/*.test.ts"],
    exclude: onlyStories ? [] : LONG_STORIES,
    // Process tests wait on events; this is the bound after which an event that never came fails the test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process for each file: tests start servers and child processes, and the smallest machine has two cores.
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
