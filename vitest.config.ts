import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Process tests wait on events; this is the bound after which an event that never came fails the test.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A fork per file: tests start child processes and servers, and two cores is what the smallest machine has.
    pool: "forks",
    maxWorkers: 2,
  },
});
