import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Process tests wait on events; this is the bound after which an event that never came fails the test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process for each file: tests start servers and child processes, and the smallest machine has two cores.
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
